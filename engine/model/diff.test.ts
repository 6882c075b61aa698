import { describe, expect, it } from 'vitest';
import { applyDiff, diff, reverseDiff } from './diff.ts';

const before = { name: 'a', list: [1, 2], inner: { x: 1, y: { z: 2 } }, gone: { deep: true } };
const after = { name: 'b', list: [1, 2, 3], inner: { x: 1, y: { z: 3 } }, fresh: null };

describe('the difference of two documents', () => {
  it('leads from one to the other and back', () => {
    const changes = diff(before, after);
    expect(applyDiff(before, changes)).toEqual(after);
    expect(applyDiff(after, reverseDiff(changes))).toEqual(before);
  });

  it('names the smallest places, with lists as one value', () => {
    expect(diff(before, after).map(({ path }) => path.join('.'))).toEqual([
      'name',
      'list',
      'inner.y.z',
      'gone',
      'fresh',
    ]);
    expect(diff(before, { ...before, list: [1, 2] })).toEqual([]);
  });

  it('leaves what did not change as the same object, and fields in their places', () => {
    const changed = applyDiff(before, [{ path: ['inner', 'x'], before: 1, after: 5 }]);
    expect(changed.gone).toBe(before.gone);
    expect(changed.inner.y).toBe(before.inner.y);
    expect(Object.keys(changed.inner)).toEqual(['x', 'y']);
    expect(before.inner.x).toBe(1);
  });

  it('gives fields their places back', () => {
    const changes = diff({ a: 1, b: 2, c: 3 }, { a: 1, c: 3 });
    expect(Object.keys(applyDiff({ a: 1, c: 3 }, reverseDiff(changes)))).toEqual(['a', 'b', 'c']);
  });

  it('tells a field without a value from no field', () => {
    const changes = diff({}, { a: null });
    expect(changes).toEqual([{ path: ['a'], before: undefined, after: null }]);
    expect(applyDiff({ a: null }, reverseDiff(changes))).toEqual({});
  });

  it('reads each object as often as a change needs it, not once for all others: a move of 1,000 activities is cheap', () => {
    let copied = 0;
    const counted = new Proxy(
      Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`a${index}`, { x: 0, y: 0 }])),
      {
        ownKeys: (target) => {
          copied += 1;
          return Reflect.ownKeys(target);
        },
      },
    );
    const moves = Array.from({ length: 1_000 }, (_, index) => ({ path: [`a${index}`, 'x'], before: 0, after: index }));
    const moved = applyDiff<Record<string, { x: number; y: number }>>(counted, moves);
    expect(moved.a999).toEqual({ x: 999, y: 0 });
    expect(copied).toBe(1);
  });

  it('leaves both documents whole when changes lie one inside the other', () => {
    const inner = { x: 1 };
    const after = applyDiff<unknown>({ inner }, [
      { path: ['fresh'], before: undefined, after: inner },
      { path: ['fresh', 'x'], before: 1, after: 2 },
      { path: ['fresh', '__proto__', 'y'], before: undefined, after: 3 },
    ]) as { fresh: object };
    expect(JSON.stringify(after)).toBe('{"inner":{"x":1},"fresh":{"x":2,"__proto__":{"y":3}}}');
    expect(Object.getPrototypeOf(after.fresh)).toBe(Object.prototype);
    expect(inner.x).toBe(1);
  });
});
