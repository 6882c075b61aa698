import { expect, it } from 'vitest';
import { ManualClock } from '../base/testing/manual-clock.ts';
import { LogBatcher } from './log-batcher.ts';
import type { LogLine } from './run-contract.ts';

it('hands over lines in batches, and says how many were left out', () => {
  const clock = new ManualClock();
  const batches: (readonly LogLine[])[] = [];
  const batcher = new LogBatcher(clock, (lines) => batches.push(lines));
  for (let at = 0; at < 250; at++) batcher.add({ atMs: at, level: 'info', message: `line ${at}`, fields: {} });
  expect(batches).toEqual([]);
  clock.advance(100);
  expect(batches).toHaveLength(1);
  expect(batches[0]).toHaveLength(101);
  expect(batches[0]?.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('150 more log lines') });
  batcher.add({ atMs: 0, level: 'info', message: 'later', fields: {} });
  batcher.flush();
  expect(batches[1]).toEqual([{ atMs: 0, level: 'info', message: 'later', fields: {} }]);
});
