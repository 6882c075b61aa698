import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../test/kit/construct-run.ts';
import { wire, work } from '../../test/kit/run-bench.ts';
import { executionsKeptMax } from './job-record.ts';

it('of a long loop it keeps the last executions, says how many it does not keep, and all are counted', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['each', 'general.for-each', { input: { items: 'start.lines' } }],
        ['a', work.type, inside('each')],
        ['b', work.type, inside('each')],
      ],
      [wire('start', 'each'), wire('a', 'b')],
    ),
  ]);
  bench.emit({ n: 1, lines: Array.from({ length: 2000 }, (_, index) => index) });
  while (bench.outcomes.length === 0) bench.clock.step();
  const { activities, transitions, dropped } = run.job(run.jobs()[0]!.id)!;
  expect(activities.length).toBeLessThanOrEqual(executionsKeptMax + 2);
  expect(activities.at(-1)).toMatchObject({ activity: 'b', iteration: 1999 });
  expect(activities.length + dropped!).toBe(4002);
  expect(transitions).toContain('a-b');
  expect(run.counts.flow!.activities.a!.completed).toBe(2000);
  await run.stop();
});
