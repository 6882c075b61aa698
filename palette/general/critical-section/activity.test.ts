import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('lets one job at a time into a critical section, and the next one in whatever became of the one before', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['section', 'general.critical-section'],
        ['a', work.type, inside('section', { input: { n: 'start.n' } })],
      ],
      [wire('start', 'section')],
    ),
  ]);
  const open = new Map<unknown, (fails: boolean) => void>();
  bench.work = ({ n }) =>
    new Promise((resolve, reject) => open.set(n, (fails) => (fails ? reject(new Error('no')) : resolve(n))));
  for (const n of [1, 2, 3]) bench.emit({ n });
  const settle = async () => new Promise((resolve) => setImmediate(resolve));
  expect([...open.keys()]).toEqual([1]);
  open.get(1)!(true);
  await settle();
  expect([...open.keys()]).toEqual([1, 2]);
  open.get(2)!(false);
  await settle();
  open.get(3)!(false);
  await settle();
  expect(bench.outcomes.map(({ ok }) => ok)).toEqual([false, true, true]);
  await run.stop();
});
