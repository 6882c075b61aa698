import { expect, it } from 'vitest';
import { processOf, start, startRun, variableOf } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('counts in a variable of the process, step by step, and keeps those of jobs apart', async () => {
  const { bench, run } = await startRun(
    [
      processOf(
        [
          start,
          [
            'all',
            'general.set-variable',
            { config: { variable: 'total', change: 'add' }, input: { value: 'start.n' } },
          ],
          [
            'own',
            'general.set-variable',
            { config: { variable: 'mine', change: 'append' }, input: { value: 'start.n' } },
          ],
          ['get', 'general.get-variable', { config: { variable: 'mine' } }],
          ['last', work.type, { input: { total: 'all.value', before: 'all.previous', mine: 'get.value' } }],
        ],
        [wire('start', 'all'), wire('all', 'own'), wire('own', 'get'), wire('get', 'last')],
      ),
    ],
    {
      resources: {
        total: variableOf('total', { scope: 'process', type: 'number', initial: '10' }),
        mine: variableOf('mine', { scope: 'job', type: 'array', initial: '[]' }),
      },
    },
  );
  for (const n of [1, 2, 3]) bench.emit({ n });
  expect(bench.executed).toEqual([
    { total: 11, before: 10, mine: [1] },
    { total: 13, before: 11, mine: [2] },
    { total: 16, before: 13, mine: [3] },
  ]);
  await run.stop();
});

it('sets it only when it is as expected, and says whether it did', async () => {
  const { bench, run } = await startRun(
    [
      processOf(
        [
          start,
          [
            'take',
            'general.set-variable',
            { config: { variable: 'owner', change: 'compare' }, input: { value: 'start.n', expected: '"free"' } },
          ],
          ['last', work.type, { input: { changed: 'take.changed', owner: 'take.value' } }],
        ],
        [wire('start', 'take'), wire('take', 'last')],
      ),
    ],
    { resources: { owner: variableOf('owner', { scope: 'project', initial: '"free"' }) } },
  );
  for (const n of [1, 2]) bench.emit({ n });
  expect(bench.executed).toEqual([
    { changed: true, owner: 1 },
    { changed: false, owner: 1 },
  ]);
  await run.stop();
});
