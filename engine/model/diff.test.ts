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
});
