import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { TokenKeySet } from './token-keys.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function keySet(...ids: readonly string[]): string {
  const keys = ids.map((kid) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
  });
  return JSON.stringify({ keys: [...keys, { kty: 'oct', kid: 'shared', k: 'c2VjcmV0' }] });
}

async function open(url: string) {
  const keys = new TokenKeySet({ url, refreshMs: 3_600_000, retryBackoffMs: 1, retryBackoffMsMax: 10, log: silentLog });
  cleanups.push(() => keys.stop());
  await keys.start();
  return keys;
}

it('finds keys by their id, all of a kind without one, and none of those that both ends know', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys.json');
  writeFileSync(path, keySet('one', 'two'));
  const keys = await open(pathToFileURL(path).href);
  expect([keys.keyOf('one', 'ES256'), keys.keyOf(undefined, 'ES256')].map((found) => found.length)).toEqual([1, 2]);
  expect([keys.keyOf('one', 'RS256'), keys.keyOf('shared', 'HS256')]).toEqual([[], []]);
  writeFileSync(path, keySet('three'));
  await expect.poll(() => keys.keyOf('three', 'ES256').length).toBe(1);
  writeFileSync(path, 'no keys');
  expect(keys.keyOf('four', 'ES256')).toEqual([]);
  await expect.poll(() => keys.keyOf('three', 'ES256').length).toBe(1);
});

it('reads keys behind a URL, and does without those of an answer that is too large', async () => {
  let answer = keySet('one');
  const server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanups.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  expect((await open(url)).keyOf('one', 'ES256')).toHaveLength(1);
  answer = `{"keys":[],"filler":"${'x'.repeat(2_000_000)}"}`;
  expect((await open(url)).keyOf('one', 'ES256')).toEqual([]);
});
