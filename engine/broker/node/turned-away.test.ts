import { expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { TurnedAway } from './turned-away.ts';

it('counts every connection that was turned away, and says so once an interval a reason', () => {
  const lines: [string, unknown][] = [];
  const counts = new Map<string, number>();
  let nowMs = 0;
  const door = new TurnedAway(
    { ...silentLog, warn: (message, fields) => void lines.push([message, fields]) },
    (reason) => void counts.set(reason, (counts.get(reason) ?? 0) + 1),
    () => nowMs,
  );
  for (let count = 0; count < 1_000; count++) {
    door.note('a', { count });
    door.note('b');
    nowMs += 5;
  }
  nowMs += 10_000;
  door.note('a', { count: 1_000 });
  expect(counts).toEqual(
    new Map([
      ['a', 1_001],
      ['b', 1_000],
    ]),
  );
  expect(lines).toEqual([
    ['closed a connection: a', { count: 0 }],
    ['closed a connection: b', {}],
    ['closed a connection: a', { count: 1_000, since: 1_000 }],
  ]);
});
