import { expect, it } from 'vitest';
import { answersPerTurnMax } from '../../../engine/run/construct-asks.ts';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

const loopTo = (condition: string) =>
  processOf(
    [
      start,
      ['loop', 'general.while', { config: { roundsMax: 1e9 }, input: { condition } }],
      ['a', work.type, inside('loop')],
    ],
    [wire('start', 'loop')],
  );

it('a long loop lets others have their turn', async () => {
  const { bench, run } = await startRun([loopTo('loop.index < start.n')]);
  bench.emit({ n: 10_000 });
  const first = run.counts.flow!.activities.a!.completed;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(answersPerTurnMax);
  bench.clock.step();
  expect(run.counts.flow!.activities.a!.completed).toBeGreaterThan(first);
  // Another job is not held up.
  bench.emit({ n: 1 });
  for (let turn = 0; turn < 5 && bench.outcomes.length === 0; turn++) bench.clock.step();
  expect(run.jobs().map(({ state }) => state)).toEqual(['completed', 'running']);
  while (bench.outcomes.length < 2) bench.clock.step();
  expect(run.counts.flow!.activities.a).toMatchObject({ completed: 10_001, active: 0 });
  await run.stop();
});

it('a long loop whose condition needs the interpreter, and never waits, lets others have their turn too', async () => {
  const { bench, run } = await startRun([loopTo('$map([loop.index], function($v) { $v < 1000 })[0]')]);
  bench.emit({ n: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  const early = run.counts.flow!.activities.a!.completed;
  expect(early).toBeLessThan(1_000);
  while (bench.outcomes.length === 0) {
    bench.clock.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await run.stop();
});
