import { expect, it } from 'vitest';
import { jobDataType } from '../../../engine/expressions/job-data-type.ts';
import { benchOf, inside, processOf, rowsOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('runs a For Each in order, shows its iterations, and hands out what it collected', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['each', 'general.for-each', { input: { items: 'start.lines', collect: 'double.x + each.index' } }],
        ['double', work.type, inside('each', { input: { x: 'each.item * 2' } })],
        ['last', work.type, { input: { sums: 'each.outputs', n: 'each.count' } }],
      ],
      [wire('start', 'each'), wire('each', 'last')],
    ),
  ]);
  bench.emit({ n: 1, lines: [5, 6] });
  expect(bench.executed).toEqual([{ x: 10 }, { x: 12 }, { sums: [10, 13], n: 2 }]);
  expect(rowsOf(run)).toEqual(['start', 'each', 'each#0/double', 'each#1/double', 'last']);
  expect(run.counts.flow!.activities.double).toMatchObject({ started: 2, completed: 2, active: 0 });
  expect(run.job(run.jobs()[0]!.id)!.activities[1]).toMatchObject({ input: { items: [5, 6] } });
  await run.stop();
});

it('runs as many iterations at a time as a For Each allows, and keeps the order of what it collects', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['each', 'general.for-each', { config: { parallel: 3 }, input: { items: '[1..10]', collect: 'slow.x' } }],
        ['slow', work.type, inside('each', { input: { x: 'each.item' } })],
        ['last', work.type, { input: { all: 'each.outputs' } }],
      ],
      [wire('start', 'each'), wire('each', 'last')],
    ),
  ]);
  const waiting: (() => void)[] = [];
  let most = 0;
  bench.work = (input) => {
    if (!('x' in input)) return input;
    const done = new Promise((resolve) => waiting.push(() => resolve(input)));
    most = Math.max(most, waiting.length);
    return done;
  };
  bench.emit({ n: 1 });
  while (bench.outcomes.length === 0) {
    // The one that came last ends first.
    waiting.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(most).toBe(3);
  expect(bench.executed.at(-1)).toEqual({ all: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
  await run.stop();
});

it('tells the mapper what the item is, what may be collected, and what the loop gives', () => {
  const { project, options } = benchOf([
    processOf(
      [
        start,
        ['each', 'general.for-each', { input: { items: '[{"price": 1}]', collect: 'double.x' } }],
        ['double', 'general.mapper', inside('each', { input: { x: 'each.item.price * 2' } })],
        ['last', work.type],
      ],
      [wire('start', 'each'), wire('each', 'last')],
    ),
  ]);
  const typeOf = (id: string, reads?: 'inside') =>
    jobDataType(project, project.processes.flow!, id, { catalog: options.catalog, reads });
  expect(typeOf('double')).toMatchObject({ properties: { each: { properties: { index: { type: 'integer' } } } } });
  expect(typeOf('each', 'inside')).toMatchObject({ properties: { double: { properties: { x: { type: 'number' } } } } });
  expect(typeOf('last')).toMatchObject({
    properties: { each: { properties: { outputs: { type: 'array', items: { type: 'number' } }, count: {} } } },
  });
});
