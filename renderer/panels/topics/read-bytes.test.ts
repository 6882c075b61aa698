import { expect, it } from 'vitest';
import type { StudioClient } from '../../store/client.ts';
import { downloadBytesMax, readBytes } from './read-bytes.ts';

const place = { topic: 't', partition: 0, offset: 7 };

/** A studio that hands out a value in pieces of three bytes. */
function studioWith(value: string, sizeBytes = value.length): StudioClient {
  const call = async (_name: string, { from }: { from: number }) => ({
    contentBase64: btoa(value.slice(from, from + 3)),
    sizeBytes,
  });
  return { call, on: () => () => {} } as unknown as StudioClient;
}

it('joins the pieces to the very bytes, whatever their number', async () => {
  for (const value of ['', 'a', 'abc', 'abcd', 'abcdefgh', 'abcdefghi'])
    expect(atob(await readBytes(studioWith(value), undefined, place))).toBe(value);
});

it('refuses what a window cannot hold', async () => {
  await expect(readBytes(studioWith('abc', downloadBytesMax + 1), undefined, place)).rejects.toThrow('256 MiB');
});
