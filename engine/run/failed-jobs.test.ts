import { describe, expect, it } from 'vitest';
import { activity, Bench, projectOf, starter, wire, work } from '../../test/kit/run-bench.ts';
import { MillraceError } from '../base/errors.ts';
import { createRun } from './create-run.ts';
import { failureIntervalMs, failuresPerIntervalMax } from './failure-report.ts';
import type { RunEvent } from './run-listeners.ts';

describe('a failed job', () => {
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

  it('lets a run pass over the record that the one before stopped at', async () => {
    const bench = new Bench();
    const skipRecords = [{ topic: 't', partition: 0, offset: 7 }];
    const run = createRun(flowOfThree('true', '"x" > 5'), bench.options({ skipRecords }));
    const lines: RunEvent[] = [];
    run.on((event) => {
      if (event.kind === 'log') lines.push(event);
    });
    await run.start();
    expect(bench.emit({ n: 7 })).toBe(true);
    expect([bench.outcomes, run.jobs()]).toMatchObject([[{ ok: true }], []]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { topic: 't', partition: 0, offset: 7 } }]);
    bench.emit({ n: 8 });
    expect(run.counts.flow!.jobs).toMatchObject({ completed: 0, failed: 1 });
    await run.stop();
  });

  it('keeps the run from being idle while its starter is not done with it', async () => {
    const bench = new Bench();
    const run = createRun(projectOf({}), bench.options());
    await run.start();
    bench.waiting = 1;
    bench.clock.advance(5_000);
    expect(run.idleMs).toBe(0);
    bench.waiting = 0;
    expect(run.idleMs).toBe(5_000);
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
});
