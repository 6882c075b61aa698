import { describe, expect, it } from 'vitest';
import { MillraceError } from '../base/errors.ts';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { SeededRandom } from '../base/seeded-random.ts';
import type { Activity, Process, Project, Transition } from '../model/document.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import { defineActivity } from '../spi/define-activity.ts';
import type { PaletteRuntime, RuntimeLoaders } from '../spi/define-runtime.ts';
import { flowLimitField } from '../spi/flow-limit-field.ts';
import type { FailedJobFate, JobContext, JobOutcome, StarterSink } from '../spi/runtime.ts';
import type { RunOptions } from './create-run.ts';
import { createRun } from './create-run.ts';
import { failureIntervalMs, failuresPerIntervalMax } from './failure-report.ts';
import { completedJobsMax } from './job-history.ts';
import { stopWaitMsMax } from './process-run.ts';
import type { RunEvent } from './run-types.ts';

const base = { group: 'Test', summary: '', keywords: [], suggestedId: 'x', faults: [] } as const;
const starter = defineActivity({
  ...base,
  type: 'test.starter',
  title: 'Starter',
  kind: 'starter',
  config: {
    flowLimit: flowLimitField,
    topic: { kind: 'text', label: 'Topic', help: '', default: 'none' },
  },
  input: {},
  output: { type: 'any' },
  faults: [{ code: 'UNREADABLE', title: 'Not readable', help: '' }],
});
const work = defineActivity({
  ...base,
  type: 'test.work',
  title: 'Work',
  kind: 'activity',
  config: {},
  input: {},
  openInput: true,
  output: { type: 'any' },
});

/** A starter and an activity in the hands of the test. */
class Bench {
  readonly clock = new ManualClock();
  readonly outcomes: JobOutcome[] = [];
  readonly executed: unknown[] = [];
  readonly contexts: JobContext[] = [];
  readonly closed: string[] = [];
  config: Record<string, unknown> = {};
  sink!: StarterSink;
  readyCalls = 0;
  work: (input: Readonly<Record<string, unknown>>) => unknown = (input) => input;
  startFault: Error | undefined;
  fate: FailedJobFate | undefined;
  #open = 0;
  #idle = () => {};

  emit(output: unknown): boolean {
    this.#open++;
    return this.sink.emit({
      output,
      settle: (outcome) => {
        this.outcomes.push(outcome);
        if (--this.#open === 0) this.#idle();
        return this.fate;
      },
    });
  }

  get catalog(): ReadonlyMap<string, ActivityDeclaration> {
    return new Map<string, ActivityDeclaration>([
      [starter.type, starter],
      [work.type, work],
    ]);
  }

  get runtimes(): RuntimeLoaders {
    const list: PaletteRuntime[] = [
      {
        kind: 'starter',
        type: starter.type,
        open: (config) => {
          this.config = config;
          return {
            start: async (sink) => {
              if (this.startFault) throw this.startFault;
              this.sink = sink;
              sink.onReady(() => this.readyCalls++);
            },
            stop: () =>
              new Promise((resolve) => {
                this.#idle = resolve;
                if (this.#open === 0) resolve();
              }),
            origin: (output) => `event ${JSON.stringify(output)}`,
            record: (output) => ({ topic: 't', partition: 0, offset: (output as { n: number }).n }),
          };
        },
      },
      {
        kind: 'activity',
        type: work.type,
        open: () => ({
          execute: (input, context) => {
            this.executed.push(input);
            this.contexts.push(context);
            return this.work(input);
          },
          close: async () => {
            this.closed.push('work');
          },
        }),
      },
    ];
    return Object.fromEntries(list.map((runtime) => [runtime.type, async () => runtime]));
  }

  options(more: Partial<RunOptions> = {}): RunOptions {
    const { clock, catalog, runtimes } = this;
    return { catalog, runtimes, clock, random: new SeededRandom(1), log: silentLog, projectFolder: '/p', ...more };
  }
}

function activity(id: string, type: string, parts: Partial<Activity> = {}): Activity {
  return { id, name: id, type, config: {}, input: {}, ...parts };
}

function wire(from: string, to: string, kind: Transition['kind'] = 'success', condition?: string): Transition {
  return { id: `${from}-${to}`, from, to, kind, ...(condition === undefined ? {} : { condition }) };
}

function projectOf(process: Partial<Process>, parts: Partial<Project> = {}): Project {
  const flow: Process = {
    id: 'flow',
    name: 'Flow',
    activities: {
      start: activity('start', starter.type),
      map: activity('map', work.type, { input: { doubled: 'start.n * 2' } }),
    },
    transitions: [wire('start', 'map')],
    layout: { positions: {} },
    ...process,
  };
  return {
    format: 1,
    name: 'test',
    version: '1.0.0',
    properties: {},
    processes: { flow },
    resources: {},
    profiles: {},
    schemas: {},
    tests: {},
    ...parts,
  };
}

describe('a run', () => {
  it('runs a job of synchronous steps to its end inside emit', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    expect(bench.emit({ n: 21 })).toBe(true);
    expect([bench.executed, bench.outcomes]).toEqual([[{ doubled: 42 }], [{ ok: true }]]);
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

  /** A flow of three: a starter, a condition, two activities in a row. */
  const flowOfThree = (condition: string, input: string) =>
    projectOf({
      activities: {
        start: activity('start', starter.type),
        map: activity('map', work.type, { input: { value: input } }),
        last: activity('last', work.type),
      },
      transitions: [wire('start', 'map', 'condition', condition), wire('map', 'last')],
    });
  /** Its output as a starter hands it over that decodes when it is read. */
  const unreadable = Object.defineProperty({ n: 7 }, 'value', {
    get: () => {
      throw new MillraceError('UNREADABLE', 'expected JSON, found "{"');
    },
  });

  it.each([
    [
      'a condition',
      'start.n > "x"',
      '1',
      { n: 1 },
      { code: 'EXPRESSION_FAILED', activity: 'start', transition: 'start-map' },
      { start: 'failed', map: 'not-reached', last: 'not-reached' },
      { activities: { start: 1 }, transitions: { 'start-map': 1 } },
    ],
    [
      'a condition that reads a record which cannot be read',
      'start.value.total > 50',
      '1',
      unreadable,
      { code: 'UNREADABLE', activity: 'start', transition: 'start-map' },
      { start: 'failed', map: 'not-reached', last: 'not-reached' },
      { activities: { start: 1 }, transitions: { 'start-map': 1 } },
    ],
    [
      'a mapping that reads a record which cannot be read',
      'start.n > 0',
      'start.value.total',
      unreadable,
      { code: 'UNREADABLE', activity: 'start', readBy: 'map', details: { field: 'value' } },
      { start: 'failed', map: 'failed', last: 'not-reached' },
      { activities: { start: 1 }, transitions: {} },
    ],
    [
      'a mapping',
      'start.n > 0',
      'start.n + "x"',
      { n: 3 },
      { code: 'EXPRESSION_FAILED', activity: 'map' },
      { start: 'completed', map: 'failed', last: 'not-reached' },
      { activities: { map: 1 }, transitions: {} },
    ],
  ])('says where a job failed: %s', async (_what, condition, input, output, failure, states, failures) => {
    const bench = new Bench();
    const run = createRun(flowOfThree(condition, input), bench.options());
    await run.start();
    bench.emit(output);
    const [summary] = run.jobs({ state: 'failed' });
    expect(summary).toMatchObject({ failure, record: { topic: 't', partition: 0, offset: output.n } });
    const { activities } = run.job(summary!.id)!;
    expect(Object.fromEntries(activities.map(({ activity: id, state }) => [id, state]))).toEqual(states);
    expect(activities[0]!.failure).toEqual(states.start === 'failed' ? summary!.failure : null);
    expect(run.counts.flow!.failures).toEqual(failures);
    await run.stop();
  });

  it.each([
    [undefined, 'error', undefined],
    ['again' as const, 'warn', 1],
    ['aside' as const, 'warn', 1],
  ])('38: tells in the log why a job failed when its starter answers %s', async (fate, level, handled) => {
    const bench = new Bench();
    bench.fate = fate;
    const run = createRun(flowOfThree('true', '"x" > 5'), bench.options());
    const lines: RunEvent[] = [];
    run.on((event) => {
      if (event.kind === 'log') lines.push(event);
    });
    await run.start();
    bench.emit({ n: 1 });
    const { code, message } = run.jobs()[0]!.failure!;
    expect(lines).toMatchObject([
      { level, message: 'job failed', fields: { process: 'flow', activity: 'map', code, error: message } },
    ]);
    expect(lines[0]).toMatchObject({ fields: { job: run.jobs()[0]!.id, origin: 'event {"n":1}' } });
    expect(run.counts.flow!.jobs).toEqual({ active: 0, completed: 0, failed: 1, ...(handled ? { handled } : {}) });
    await run.stop();
  });

  it('38: counts failed jobs beyond the first of an interval instead of drowning the log', async () => {
    const bench = new Bench();
    const run = createRun(flowOfThree('true', '"x" > 5'), bench.options());
    const lines: RunEvent[] = [];
    run.on((event) => {
      if (event.kind === 'log') lines.push(event);
    });
    await run.start();
    for (let n = 0; n < 1_000; n++) bench.emit({ n });
    expect(lines.length).toBe(failuresPerIntervalMax);
    bench.clock.advance(failureIntervalMs);
    const jobs = 1_000 - failuresPerIntervalMax;
    expect(lines.slice(failuresPerIntervalMax)).toMatchObject([
      {
        level: 'error',
        message: 'more jobs failed',
        fields: { process: 'flow', jobs, codes: { EXPRESSION_FAILED: jobs } },
      },
    ]);
    bench.emit({ n: 1 });
    for (let n = 0; n < 15; n++) bench.emit({ n });
    await run.stop();
    expect(lines.at(-1)).toMatchObject({ message: 'more jobs failed', fields: { jobs: 6 } });
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
    expect([bench.executed[1], bench.outcomes]).toEqual([{ code: 'ACTIVITY_FAILED', at: 'map' }, [{ ok: true }]]);
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
