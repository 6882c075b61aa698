import { expect, it } from 'vitest';
import catchFailure from '../../palette/general/catch/activity.ts';
import scope from '../../palette/general/scope/activity.ts';
import { activity, Bench, projectOf, starter, wire, work } from '../../test/kit/run-bench.ts';
import { defineActivity } from '../spi/define-activity.ts';
import { createRun } from './create-run.ts';

const inScope = (id: string, type = work.type, input = {}) => activity(id, type, { parent: 'scope', input });
const project = projectOf({
  activities: {
    start: activity('start', starter.type),
    scope: activity('scope', scope.type),
    first: inScope('first', work.type, { n: 'start.n' }),
    second: inScope('second'),
    catch: inScope('catch', catchFailure.type),
    fix: inScope('fix'),
    last: activity('last', work.type),
  },
  transitions: [wire('start', 'scope'), wire('first', 'second'), wire('catch', 'fix'), wire('scope', 'last')],
});

/** An activity on a shared resource. */
const using = defineActivity({
  ...work,
  type: 'test.using',
  config: { on: { kind: 'resource', label: 'On', help: '', resourceType: 'test.resource', required: true } },
});

async function runOf(fails: (n: number) => boolean) {
  const bench = new Bench();
  const catalog = new Map([...bench.catalog, [scope.type, scope], [catchFailure.type, catchFailure]]);
  bench.work = (input) => {
    if (typeof input.n === 'number' && fails(input.n)) throw new Error(`no ${input.n}`);
    return { done: true };
  };
  const run = createRun(project, bench.options({ catalog }));
  await run.start();
  return { bench, run };
}

it('shows each execution of a job, with the scope that it was in', async () => {
  const { bench, run } = await runOf((n) => n === 2);
  bench.emit({ n: 1 });
  bench.emit({ n: 2 });
  const [failed, well] = run.jobs().map(({ id }) => run.job(id)!);
  const rows = (job: typeof well) =>
    job!.activities.map(({ execution, parent, activity: id, state }) => [execution, parent, id, state]);
  expect(rows(well)).toEqual([
    [0, null, 'start', 'completed'],
    [1, null, 'scope', 'completed'],
    [3, 1, 'first', 'completed'],
    [4, 1, 'second', 'completed'],
    [5, 1, 'catch', 'skipped'],
    [6, 1, 'fix', 'skipped'],
    [2, null, 'last', 'completed'],
  ]);
  expect(rows(failed)).toEqual([
    [0, null, 'start', 'completed'],
    [1, null, 'scope', 'completed'],
    [3, 1, 'first', 'failed'],
    [5, 1, 'catch', 'completed'],
    [4, 1, 'second', 'skipped'],
    [6, 1, 'fix', 'completed'],
    [2, null, 'last', 'completed'],
  ]);
  expect(failed!.activities[1]!.output).toMatchObject({
    error: { message: 'no 2', activity: 'first' },
    fix: { done: true },
  });
  expect(well!.transitions).toEqual(['start-scope', 'scope-last', 'first-second']);
  expect(failed!.transitions).toEqual(['start-scope', 'scope-last', 'catch-fix']);
  await run.stop();
});

it('opens nothing in a scope that is switched off, however deep, and no resource for it', async () => {
  const bench = new Bench();
  const catalog = new Map([...bench.catalog, [scope.type, scope], [using.type, using]]);
  const off = projectOf({
    activities: {
      start: activity('start', starter.type),
      scope: activity('scope', scope.type, { disabled: true }),
      inner: inScope('inner', scope.type),
      deep: activity('deep', using.type, { parent: 'inner', config: { on: 'gone' } }),
      last: activity('last', work.type),
    },
    transitions: [wire('start', 'scope'), wire('scope', 'last')],
  });
  const run = createRun(off, bench.options({ catalog }));
  await run.start();
  bench.emit({ n: 1 });
  expect(bench.outcomes).toEqual([{ ok: true, output: expect.anything() }]);
  await run.stop();
  expect(bench.closed).toEqual(['work']);
});

it('counts what all executions did, scopes and catches too', async () => {
  const { bench, run } = await runOf((n) => n > 1);
  for (const n of [1, 2, 3]) bench.emit({ n });
  const counts = run.counts.flow!;
  expect(counts.jobs).toEqual({ active: 0, completed: 3, failed: 0 });
  expect(
    Object.fromEntries(
      Object.entries(counts.activities).map(([id, { completed, failed }]) => [id, [completed, failed]]),
    ),
  ).toEqual({ start: [3, 0], scope: [3, 0], first: [1, 2], second: [1, 0], catch: [2, 0], fix: [2, 0], last: [3, 0] });
  await run.stop();
});

it('a job whose scope was under way when it was given up has it failed, and what had not begun as not reached', async () => {
  const { bench, run } = await runOf(() => false);
  bench.work = () => new Promise(() => {});
  bench.emit({ n: 1 });
  const stopped = run.stop();
  let hasStopped = false;
  void stopped.then(() => {
    hasStopped = true;
  });
  while (!hasStopped) {
    bench.clock.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [job] = run.jobs().map(({ id }) => run.job(id)!);
  expect(job!.activities.map(({ activity: id, state }) => [id, state])).toEqual([
    ['start', 'completed'],
    ['scope', 'failed'],
    ['first', 'failed'],
    ['last', 'not-reached'],
    ['second', 'not-reached'],
    ['catch', 'not-reached'],
    ['fix', 'not-reached'],
  ]);
});
