import { expect, it } from 'vitest';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { SharedMap } from './shared-map.ts';

it('is what a map is after the same changes, version by version, and leaves older versions alone', () => {
  const random = new SeededRandom(5);
  const model = new Map<string, number>();
  for (let key = 0; key < 2_000; key++) model.set(`t${key}`, key);
  let map: ReadonlyMap<string, number> = new Map(model);
  for (let version = 0; version < 300; version++) {
    const older = map;
    const before = [...older];
    const fork = SharedMap.forkOf(map);
    for (let change = randomBelow(random, 6); change >= 0; change--) {
      const key = `t${randomBelow(random, 2_500)}`;
      if (randomBelow(random, 3) === 0) {
        fork.delete(key);
        model.delete(key);
      } else {
        fork.set(key, version);
        model.set(key, version);
      }
    }
    map = fork;
    expect(map.size).toBe(model.size);
    expect(new Map(map)).toEqual(model);
    expect([map.has('t1'), map.get('t7'), [...map.keys()].length]).toEqual([
      model.has('t1'),
      model.get('t7'),
      model.size,
    ]);
    if (version % 50 === 0) expect([...older]).toEqual(before);
  }
});

it('costs what a change is, not what the map is', () => {
  let map: ReadonlyMap<string, number> = new Map(Array.from({ length: 50_000 }, (_, key) => [`t${key}`, key]));
  let read = 0;
  const base = map;
  map = new Proxy(base, {
    get: (target, name) => {
      if (name === Symbol.iterator || name === 'entries') read++;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  for (let change = 0; change < 1_000; change++) {
    const fork = SharedMap.forkOf(map);
    fork.set(`new${change}`, change);
    map = fork;
  }
  expect([read, map.size, map.get('new999'), map.get('t49999')]).toEqual([0, 51_000, 999, 49_999]);
});
