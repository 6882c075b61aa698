import { expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from './offset-checkpoint.ts';

it('reads and writes Kafka’s text format', () => {
  const entries = [
    { topic: 'orders', partition: 0, offset: 42 },
    { topic: 'a.b_c-d', partition: 11, offset: 0 },
  ];
  expect(formatCheckpoint(entries)).toBe('0\n2\norders 0 42\na.b_c-d 11 0\n');
  expect(parseCheckpoint(formatCheckpoint(entries))).toEqual(entries);
  expect(parseCheckpoint(formatCheckpoint([]))).toEqual([]);
});

it.each(['', '1\n0\n', '0\n2\norders 0 1\n', '0\n1\norders zero 1\n'])('takes %j for no checkpoint', (text) => {
  expect(parseCheckpoint(text)).toBeUndefined();
});
