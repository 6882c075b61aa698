import { expect, it } from 'vitest';
import { MillraceError } from '../../../engine/base/errors.ts';
import { caller, processOf, rowsOf, startRun, subprocess, turns } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('runs a called process in the job of its caller, and shows what ran in it below the call', async () => {
  const { bench, run } = await startRun([caller(), subprocess]);
  bench.emit({ n: 7 });
  expect(bench.executed).toEqual([{ gross: 14 }, { got: { gross: 14 } }]);
  expect(rowsOf(run)).toEqual([
    'start',
    'call',
    'call/sub:input',
    'call/sub:tax',
    'call/sub:done',
    'fix skipped',
    'last',
  ]);
  expect(run.counts.sub!.activities.tax).toMatchObject({ completed: 1 });
  expect(run.counts.flow!.activities).not.toHaveProperty('tax');
  expect(run.counts.flow!.activities.call).toMatchObject({ completed: 1 });
  expect(run.status.processStates).toEqual({ sub: 'running', flow: 'running' });
  await run.stop();
  expect(run.status.processStates).toEqual({ sub: 'stopped', flow: 'stopped' });
});

it('a failure in a called process names it, and is the failure of the call', async () => {
  const { bench, run } = await startRun([caller(), subprocess]);
  bench.work = (input) => {
    if ('gross' in input) throw new MillraceError('TAX', 'no tax');
    return input;
  };
  bench.emit({ n: 7 });
  expect(bench.executed.at(-1)).toEqual({ code: 'TAX', in: 'sub' });
  await run.stop();
});

it('spawns a job of its own, which is listed with those of the called process, and ends after those that call', async () => {
  const { bench, run } = await startRun([caller({ mode: 'spawn' }), subprocess]);
  bench.emit({ n: 7 });
  await turns(() => bench.outcomes.length === 1);
  const [job] = run.jobs({ process: 'sub' });
  expect(bench.executed).toEqual([{ gross: 14 }, { got: { job: job!.id } }]);
  expect(job).toMatchObject({ state: 'completed', origin: expect.stringMatching(/^called by flow-/) });
  expect(run.counts.sub!.jobs.completed).toBe(1);
  bench.sink.finished();
  await run.ended();
  expect(run.status.processStates).toEqual({ sub: 'finished', flow: 'finished' });
});

it('lets a spawned job spawn another one after the process that began them has ended', async () => {
  const middle = processOf(
    [
      ['input', 'general.start', { config: { input: { price: 'number' } } }],
      ['wait', work.type, { input: { wait: 'true' } }],
      ['call', 'general.call-process', { config: { process: 'sub', mode: 'spawn' }, input: { price: 'input.price' } }],
    ],
    [wire('input', 'wait'), wire('wait', 'call')],
    'middle',
  );
  const { bench, run } = await startRun([caller({ process: 'middle', mode: 'spawn' }), middle, subprocess]);
  let go = () => {};
  bench.work = (input) =>
    'wait' in input
      ? new Promise((resolve) => {
          go = () => resolve(input);
        })
      : input;
  bench.emit({ n: 7 });
  await turns(() => bench.outcomes.length === 1);
  bench.sink.finished();
  await turns(() => run.status.processStates.flow === 'finished');
  expect(run.status.processStates.sub).toBe('running');
  go();
  await run.ended();
  expect(run.counts.sub!.jobs).toMatchObject({ completed: 1, failed: 0 });
  expect(run.status.processStates).toEqual({ flow: 'finished', middle: 'finished', sub: 'finished' });
});

it('a caller waits while the called process has as many jobs as it may', async () => {
  const limited = {
    ...subprocess,
    activities: {
      ...subprocess.activities,
      input: { ...subprocess.activities.input!, config: { ...subprocess.activities.input!.config, flowLimit: 1 } },
    },
  };
  const { bench, run } = await startRun([caller({ mode: 'spawn' }), limited]);
  const open: (() => void)[] = [];
  bench.work = (input) => ('gross' in input ? new Promise((resolve) => open.push(() => resolve(input))) : input);
  bench.emit({ n: 1 });
  bench.emit({ n: 2 });
  await turns(() => bench.outcomes.length === 1);
  expect(open).toHaveLength(1);
  open[0]!();
  await turns(() => open.length === 2);
  open[1]!();
  await turns(() => bench.outcomes.length === 2);
  await turns(() => run.counts.sub!.jobs.completed === 2);
  await run.stop();
});

it('calls the process that data names', async () => {
  const other = {
    ...subprocess,
    id: 'other',
    name: 'other',
    activities: { ...subprocess.activities, tax: { ...subprocess.activities.tax!, input: { gross: '5' } } },
  };
  const { bench, run } = await startRun([
    caller({ byName: true }, { price: 'start.n', processName: 'start.which' }),
    subprocess,
    other,
  ]);
  bench.emit({ n: 1, which: 'other' });
  bench.emit({ n: 1 });
  expect(bench.executed).toEqual([{ gross: 5 }, { got: { gross: 5 } }, { gross: 2 }, { got: { gross: 2 } }]);
  await run.stop();
});
