import { expect, it } from 'vitest';
import { processOf, rowsOf, start, startRun, turns } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('ends a job well where it comes to an Exit, and gives up what else is under way', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['slow', work.type],
        ['sleep', 'general.sleep', { config: { delayMs: 10 } }],
        ['exit', 'general.exit'],
        ['never', work.type, { input: { never: 'true' } }],
      ],
      [wire('start', 'slow'), wire('start', 'sleep'), wire('sleep', 'exit'), wire('slow', 'never')],
    ),
  ]);
  let end = (_value: unknown) => {};
  bench.work = () =>
    new Promise((resolve) => {
      end = resolve;
    });
  bench.emit({ n: 1 });
  expect(bench.contexts[0]!.signal.aborted).toBe(false);
  bench.clock.advance(10);
  await turns(() => bench.outcomes.length === 1);
  expect(bench.outcomes).toMatchObject([{ ok: true }]);
  expect(bench.contexts[0]!.signal.aborted).toBe(true);
  end({});
  await turns(() => true);
  expect(rowsOf(run)).toEqual(['start', 'slow cancelled', 'sleep', 'exit', 'never not-reached']);
  expect(run.counts.flow!.activities.slow).toEqual({ started: 1, completed: 0, failed: 0, active: 0 });
  await run.stop();
});
