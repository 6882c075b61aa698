import { describe, expect, it } from 'vitest';
import { activity, Bench, projectOf, starter, wire, work } from '../../test/kit/run-bench.ts';
import { MillraceError } from '../base/errors.ts';
import { createRun } from './create-run.ts';
import { completedJobsMax } from './job-history.ts';
import { stopWaitMsMax } from './process-run.ts';
import type { RunEvent } from './run-listeners.ts';

describe('a run', () => {
  it('runs a job of synchronous steps to its end inside emit', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    expect(bench.emit({ n: 21 })).toBe(true);
    expect([bench.executed, bench.outcomes]).toMatchObject([[{ doubled: 42 }], [{ ok: true }]]);
    expect(run.counts.flow).toEqual({
      activities: {
        start: { started: 1, completed: 1, failed: 0, active: 0 },
        map: { started: 1, completed: 1, failed: 0, active: 0 },
      },
      transitions: { 'start-map': 1 },
      jobs: { active: 0, completed: 1, failed: 0 },
    });
    const [summary] = run.jobs();
    expect(summary).toMatchObject({ process: 'flow', state: 'completed', origin: 'event {"n":21}', failure: null });
    expect(run.job(summary!.id)).toMatchObject({
      activities: [
        { activity: 'start', state: 'completed', output: { n: 21 } },
        { activity: 'map', state: 'completed', input: { doubled: 42 }, output: { doubled: 42 } },
      ],
      transitions: ['start-map'],
    });
    await run.stop();
    expect([run.status.state, bench.closed]).toEqual(['stopped', ['work']]);
  });

  it('stops emitting at the flow limit and calls back when there is room', async () => {
    const bench = new Bench();
    const open: (() => void)[] = [];
    bench.work = () => new Promise((resolve) => open.push(() => resolve({})));
    const run = createRun(
      projectOf({
        activities: {
          ...projectOf({}).processes.flow!.activities,
          start: activity('start', starter.type, { config: { flowLimit: 2 } }),
        },
      }),
      bench.options(),
    );
    await run.start();
    expect([bench.emit({ n: 1 }), bench.emit({ n: 2 })]).toEqual([true, false]);
    expect(bench.readyCalls).toBe(0);
    open[0]!();
    await Promise.resolve().then(() => {});
    expect([bench.readyCalls, run.counts.flow!.jobs.active]).toEqual([1, 1]);
    open[1]!();
    await run.stop();
  });

  it('opens a job that was listed although newer ones have taken its place in the history', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    bench.emit({ n: 0 });
    const [listed] = run.jobs({ limit: 5 });
    for (let n = 1; n <= completedJobsMax + 5; n++) bench.emit({ n });
    expect(run.job(listed!.id)?.id).toBe(listed!.id);
    for (let listing = 0; listing < 3; listing++) run.jobs({ limit: 5 });
    expect(run.job(listed!.id)).toBeUndefined();
    await run.stop();
  });

  it('fails a job without an error transition, tells the starter and keeps what it was about', async () => {
    const bench = new Bench();
    bench.work = () => {
      throw new MillraceError('KAFKA_SEND_FAILED', 'no', { retriable: true });
    };
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    bench.emit({ n: 1 });
    expect(bench.outcomes).toMatchObject([
      { ok: false, error: { code: 'KAFKA_SEND_FAILED', activity: 'map', retriable: true } },
    ]);
    const [summary] = run.jobs({ state: 'failed' });
    expect(summary!.failure).toEqual({ code: 'KAFKA_SEND_FAILED', message: 'no', activity: 'map' });
    expect(run.job(summary!.id)!.activities[1]).toMatchObject({ state: 'failed', input: { doubled: 2 } });
    await run.stop();
  });

  it('takes an error transition and ends well', async () => {
    const bench = new Bench();
    bench.work = (input) => {
      if (!('code' in input)) throw new Error('broken');
      return input;
    };
    const run = createRun(
      projectOf({
        activities: {
          start: activity('start', starter.type),
          map: activity('map', work.type),
          rescue: activity('rescue', work.type, { input: { code: 'error.code', at: 'error.activity' } }),
        },
        transitions: [wire('start', 'map'), wire('map', 'rescue', 'error')],
      }),
      bench.options(),
    );
    await run.start();
    bench.emit({});
    expect([bench.executed[1], bench.outcomes]).toMatchObject([{ code: 'ACTIVITY_FAILED', at: 'map' }, [{ ok: true }]]);
    await run.stop();
  });

  it('evaluates conditions and mappings that need the interpreter', async () => {
    const bench = new Bench();
    const slow = '$reduce(start.list, function($a, $b) { $a + $b })';
    const run = createRun(
      projectOf({
        activities: {
          start: activity('start', starter.type),
          big: activity('big', work.type, { input: { sum: slow } }),
          small: activity('small', work.type),
        },
        transitions: [wire('start', 'big', 'condition', `${slow} > 3`), wire('start', 'small', 'otherwise')],
      }),
      bench.options(),
    );
    await run.start();
    bench.emit({ list: [1, 2, 3] });
    while (!bench.outcomes.length) await Promise.resolve();
    expect(bench.executed).toEqual([{ sum: 6 }]);
    expect(run.job(run.jobs()[0]!.id)!.activities.map(({ activity: id, state }) => [id, state])).toContainEqual([
      'small',
      'skipped',
    ]);
    await run.stop();
  });

  it('waits for jobs when it is stopped, and gives them up at the deadline', async () => {
    const bench = new Bench();
    bench.work = () => new Promise(() => {});
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    bench.emit({ n: 1 });
    const signal = bench.contexts[0]!.signal;
    const stopped = run.stop();
    await Promise.resolve();
    expect([bench.outcomes, signal.aborted]).toEqual([[], false]);
    for (let turn = 0; turn < 20; turn++) {
      await Promise.resolve();
      bench.clock.advance(stopWaitMsMax / 10);
    }
    await stopped;
    expect(bench.outcomes).toMatchObject([{ ok: false, error: { code: 'JOB_ABANDONED' } }]);
    expect([signal.aborted, run.status.state, run.counts.flow!.activities.map!.active]).toEqual([true, 'stopped', 0]);
  });

  it('ends by itself when its starter has finished and its jobs are done', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    bench.emit({ n: 1 });
    bench.sink.finished();
    const status = await run.ended();
    expect(status).toMatchObject({ state: 'stopped', processStates: { flow: 'finished' }, failure: null });
  });

  it('fails when its starter cannot go on, and says so to listeners', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    const events: RunEvent[] = [];
    run.on((event) => events.push(event));
    await run.start();
    bench.sink.failed(new MillraceError('RECORD_FAILED', 'record 5 failed'));
    const status = await run.ended();
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'RECORD_FAILED', activity: 'start' } });
    expect(events.filter(({ kind }) => kind === 'log')).toMatchObject([{ level: 'error', message: 'process failed' }]);
  });

  it('tells counts ten times a second at most', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    const snapshots: number[] = [];
    run.on((event) => {
      if (event.kind === 'counts') snapshots.push(event.counts.flow!.jobs.completed);
    });
    await run.start();
    for (let turn = 0; turn < 50; turn++) {
      for (let job = 0; job < 100; job++) bench.emit({ n: job });
      bench.clock.advance(10);
    }
    expect(snapshots.length).toBeLessThanOrEqual(5);
    await run.stop();
    expect(snapshots.at(-1)).toBe(5_000);
  });

  it('gives properties to configs and expressions', async () => {
    const bench = new Bench();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
    const config = { topic: 'to-${property:place}', flowLimit: '${property:limit}' };
    const project = projectOf(
      {
        activities: {
          start: activity('start', starter.type, { config }),
          map: activity('map', work.type, { input: { place: 'properties.place', next: 'properties.limit + 1' } }),
        },
      },
      {
        properties: { place: { type: 'string', default: 'here' }, limit: { type: 'number', default: 3 } },
        profiles: { prod: { place: 'there' } },
      },
    );
    const run = createRun(project, bench.options({ profile: 'prod' }));
    await run.start();
    bench.emit({});
    expect([bench.config, bench.executed]).toEqual([
      { topic: 'to-there', flowLimit: 3 },
      [{ place: 'there', next: 4 }],
    ]);
    await run.stop();
  });

  it.each([
    [
      'a starter that cannot start',
      (bench: Bench) => {
        bench.startFault = new MillraceError('KAFKA_CONNECT_FAILED', 'no broker');
      },
      {},
      'KAFKA_CONNECT_FAILED',
    ],
    ['an unknown process', () => {}, { processes: ['nope'] }, 'PROCESS_UNKNOWN'],
    ['an unknown profile', () => {}, { profile: 'nope' }, 'PROFILE_UNKNOWN'],
    ['a type without runtime', () => {}, { runtimes: {} }, 'RUNTIME_MISSING'],
  ])('refuses to start with %s and closes what it opened', async (_what, prepare, options, code) => {
    const bench = new Bench();
    prepare(bench);
    const run = createRun(projectOf({}), bench.options(options));
    await expect(run.start()).rejects.toMatchObject({ code });
    expect(run.status).toMatchObject({ state: 'failed', failure: { code } });
    if (code === 'KAFKA_CONNECT_FAILED') expect(bench.closed).toEqual(['work']);
  });
});
