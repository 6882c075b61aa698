import { describe, expect, it } from 'vitest';
import { parsePacked } from '../formats/exact-json.ts';
import { ExactNumber } from '../formats/exact-number.ts';
import { snapshotPayload } from './payload-snapshot.ts';

describe('snapshotPayload', () => {
  it('keeps every digit of a number on the way to a window', () => {
    const { value } = snapshotPayload({ id: new ExactNumber('9007199254740993'), n: 1 });
    const sent = JSON.stringify(structuredClone(value));
    expect(JSON.stringify(parsePacked(sent))).toBe('{"id":9007199254740993,"n":1}');
  });

  it('copies what JSON can show', () => {
    const payload = { a: [1, null, undefined], b: new Date(0), c: Buffer.from('hi'), d: 10n, e: undefined };
    expect(snapshotPayload(payload)).toEqual({
      value: { a: [1, null, null], b: '1970-01-01T00:00:00.000Z', c: 'aGk=', d: '10' },
      truncated: false,
    });
    expect(snapshotPayload(undefined)).toEqual({ value: undefined, truncated: false });
  });

  it('cuts long texts, long lists and deep nesting, and says so', () => {
    const text = snapshotPayload('x'.repeat(20_000));
    expect(text).toEqual({ value: `${'x'.repeat(16_384)}... (cut, 20000 characters)`, truncated: true });
    const list = snapshotPayload(Array.from({ length: 1_000 }, (_, index) => index));
    expect((list.value as unknown[]).at(-1)).toBe('(cut, 1000 items)');
    let deep: unknown = 'end';
    for (let level = 0; level < 100; level++) deep = { deep };
    expect(JSON.stringify(snapshotPayload(deep).value)).toContain('(cut, deeper than 24 levels)');
  });

  it('stays within its bound however large the payload is', () => {
    const payload = Array.from({ length: 200 }, () => ({ text: 'y'.repeat(10_000) }));
    const { value, truncated } = snapshotPayload(payload);
    expect(truncated).toBe(true);
    expect(JSON.stringify(value).length).toBeLessThan(200_000);
  });

  it('survives loops, functions and getters that throw', () => {
    const loop: Record<string, unknown> = {
      call: () => 1,
      get broken() {
        throw new Error('no');
      },
    };
    expect(snapshotPayload(loop).value).toEqual({ call: '(a function)', broken: '(cannot be shown: no)' });
    const self: Record<string, unknown> = { call: () => 1 };
    self.self = self;
    const { value, truncated } = snapshotPayload(self);
    expect(truncated).toBe(true);
    expect(value).toMatchObject({ call: '(a function)' });
  });
});
