import { describe, expect, it } from 'vitest';
import { parseHeaders } from './parse-headers.ts';
import { replicaHealth } from './replica-health.ts';

const partition = (number: number, leader: number, isr: number[]) => ({
  partition: number,
  leader,
  replicas: [1, 2, 3],
  isr,
  startOffset: 0,
  endOffset: 0,
});

describe('replicaHealth', () => {
  it('names the worst that there is', () => {
    expect(replicaHealth({ partitions: [partition(0, 1, [1, 2, 3])] }).problem).toBeUndefined();
    expect(replicaHealth({ partitions: [partition(0, 1, [1, 2, 3]), partition(1, 2, [2, 3])] })).toMatchObject({
      problem: 'under-replicated',
      label: '1 under-replicated',
    });
    expect(replicaHealth({ partitions: [partition(0, -1, []), partition(1, 2, [2])] }).problem).toBe('offline');
  });
});

describe('parseHeaders', () => {
  it('keeps order and repeats, and colons in values', () => {
    expect(parseHeaders('a: 1\n\nurl: http://x:9\na:2')).toEqual({
      ok: true,
      value: [
        { key: 'a', value: '1' },
        { key: 'url', value: 'http://x:9' },
        { key: 'a', value: '2' },
      ],
    });
  });

  it('says which line is wrong', () => {
    expect(parseHeaders('a: 1\nb')).toEqual({ ok: false, error: 'Line 2: expected "name: value", found "b"' });
  });
});
