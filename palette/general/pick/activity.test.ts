import { expect, it } from 'vitest';
import { inside, processOf, rowsOf, start, startRun, turns } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('picks what comes first, tells the others to stop, and shows them as given up', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['pick', 'general.pick'],
        ['answer', work.type, inside('pick')],
        ['time', 'general.sleep', inside('pick', { config: { delayMs: 50 } })],
        ['late', work.type, inside('pick', { input: { late: 'time.sleptMs' } })],
        ['last', work.type, { input: { first: 'pick.picked' } }],
      ],
      [wire('start', 'pick'), wire('time', 'late'), wire('pick', 'last')],
    ),
  ]);
  bench.work = (input) => (Object.keys(input).length ? input : new Promise(() => {}));
  bench.emit({ n: 1 });
  expect(bench.contexts[0]!.signal.aborted).toBe(false);
  bench.clock.advance(50);
  await turns(() => bench.outcomes.length === 1);
  expect(bench.contexts[0]!.signal.aborted).toBe(true);
  expect(bench.executed).toEqual([{}, { late: 50 }, { first: 'time' }]);
  expect(rowsOf(run)).toEqual(['start', 'pick', 'pick/answer cancelled', 'pick/time', 'pick/late', 'last']);
  expect(run.counts.flow!.activities.answer).toEqual({ started: 1, completed: 0, failed: 0, active: 0 });
  await run.stop();
});
