import { expect, it } from 'vitest';
import type { Decoded, Message } from '../../../engine/studio/contract.ts';
import { plainMessage } from './plain-message.ts';

const none: Decoded = { format: 'null', text: '', sizeBytes: 0, truncated: false, reason: null };
const at = (timestampMs: number): Message => ({
  ...{ topic: 't', partition: 0, offset: 1, timestampMs, key: none, value: none, headers: [], headerCount: 0 },
});

it('tells a time from none, at the edges too', () => {
  const timeOf = (timestampMs: number) => (plainMessage(at(timestampMs)) as { timestamp: unknown }).timestamp;
  expect(timeOf(-1)).toBeNull();
  expect(timeOf(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(timeOf(8_640_000_000_000_000)).toBe('+275760-09-13T00:00:00.000Z');
  expect(timeOf(8_640_000_000_000_001)).toBe(8_640_000_000_000_001);
  expect(timeOf(Number(2n ** 63n - 1n))).toBe(2 ** 63);
});

it('keeps digits, bytes, nulls, order and repeats', () => {
  const json = { ...none, format: 'json', text: '{"id":9007199254740993}' } as const;
  const bytes = { ...none, format: 'bytes', text: '/wA=' } as const;
  const headers = [
    { key: 'a', value: bytes },
    { key: 'a', value: none },
  ];
  expect(plainMessage({ ...at(1), value: json, headers, headerCount: 2 })).toMatchObject({
    key: null,
    value: '{\n  "id": 9007199254740993\n}',
    headers: [
      { key: 'a', value: { base64: '/wA=' } },
      { key: 'a', value: null },
    ],
  });
});
