import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('repeats until what was in it says so, at least once, and hands out what the last iteration gave', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['repeat', 'general.repeat', { input: { until: 'poll.x >= start.n', collect: 'poll.x' } }],
        ['poll', work.type, inside('repeat', { input: { x: 'repeat.index + 1' } })],
        ['last', work.type, { input: { all: 'repeat.outputs', last: 'repeat.poll.x', n: 'repeat.count' } }],
      ],
      [wire('start', 'repeat'), wire('repeat', 'last')],
    ),
  ]);
  bench.emit({ n: 3 });
  bench.emit({ n: 0 });
  expect(bench.executed.filter((input) => 'all' in (input as object))).toEqual([
    { all: [1, 2, 3], last: 3, n: 3 },
    { all: [1], last: 1, n: 1 },
  ]);
  await run.stop();
});

it('fails when it has not ended within the iterations that it may have', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['repeat', 'general.repeat', { config: { roundsMax: 2 }, input: { until: 'false' } }],
        ['a', work.type, inside('repeat')],
      ],
      [wire('start', 'repeat')],
    ),
  ]);
  bench.emit({ n: 1 });
  expect(bench.outcomes).toMatchObject([{ ok: false, error: { code: 'ITERATIONS_TOO_MANY', activity: 'repeat' } }]);
  await run.stop();
});
