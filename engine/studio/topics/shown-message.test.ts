import { expect, it } from 'vitest';
import { previewBounds, previewBoundsFor, shownMessage, wholeBounds } from './shown-message.ts';

const message = (headers: { key: string; value: Uint8Array | null }[], key = 'k') => ({
  ...{ partition: 0, offset: 1, timestampMs: 2, value: Buffer.from('v'), headers },
  key: Buffer.from(key),
});

it('counts every header and says of each whether it is cut', () => {
  const many = Array.from({ length: 150 }, (_, at) => ({ key: `h${at}`, value: Buffer.from(`v${at}`) }));
  const all = shownMessage('t', message(many), previewBounds);
  expect([all.headers.length, all.headerCount]).toEqual([150, 150]);

  const long = [{ key: 'long', value: Buffer.alloc(10_000, 'x') }];
  expect(shownMessage('t', message(long), previewBounds).headers[0]?.value).toMatchObject({ truncated: true });
  expect(shownMessage('t', message(long), wholeBounds).headers[0]?.value).toMatchObject({
    truncated: false,
    sizeBytes: 10_000,
  });
});

it('leaves headers out of a preview when they are too many, and still counts them', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => ({ key: `h${at}`, value: null }));
  const shown = shownMessage('t', message(many), previewBounds);
  expect(shown.headers.length).toBeLessThan(4_000);
  expect(shown.headerCount).toBe(20_000);
  expect(shownMessage('t', message(many), wholeBounds).headers).toHaveLength(20_000);
});

it('gives a long key whole where the message is asked for', () => {
  const long = message([], 'k'.repeat(9_000));
  expect(shownMessage('t', long, previewBounds).key.truncated).toBe(true);
  expect(shownMessage('t', long, wholeBounds).key).toMatchObject({ truncated: false, text: 'k'.repeat(9_000) });
});

it('keeps a page within its bound however long its parts are', () => {
  const huge = message([{ key: 'h', value: Buffer.alloc(100_000, 'x') }], 'k'.repeat(100_000));
  const one = JSON.stringify(shownMessage('t', huge, previewBoundsFor(1_000))).length;
  expect(one * 1_000).toBeLessThan(32 * 1024 * 1024);
});
