import { expect, it } from 'vitest';
import { processOf, start, startRun, variableOf } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('reads a job variable as it is at that moment, with its initial value before it was set', async () => {
  const { bench, run } = await startRun(
    [
      processOf(
        [
          start,
          ['before', 'general.get-variable', { config: { variable: 'state' } }],
          ['set', 'general.set-variable', { config: { variable: 'state' }, input: { value: 'start.n' } }],
          ['after', 'general.get-variable', { config: { variable: 'state' } }],
          ['last', work.type, { input: { before: 'before.value', after: 'after.value' } }],
        ],
        [wire('start', 'before'), wire('before', 'set'), wire('set', 'after'), wire('after', 'last')],
      ),
    ],
    { resources: { state: variableOf('state', { initial: '"new"' }) } },
  );
  for (const n of [1, 2]) bench.emit({ n });
  expect(bench.executed).toEqual([
    { before: 'new', after: 1 },
    { before: 'new', after: 2 },
  ]);
  await run.stop();
});
