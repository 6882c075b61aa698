import { describe, expect, it } from 'vitest';
import { MillraceError } from '../base/errors.ts';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/testing/manual-clock.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import type { Activity, Project } from '../model/document.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import type { PaletteRuntime } from '../spi/define-runtime.ts';
import type { JobOutcome, StarterSink } from '../spi/runtime.ts';
import { createRun } from './create-run.ts';

const declare = (type: string, kind: 'starter' | 'activity' | 'resource'): [string, ActivityDeclaration] => [
  type,
  {
    ...{ type, kind, title: type, group: 'Test', summary: '', keywords: [], suggestedId: 'x', faults: [], input: {} },
    config: kind === 'resource' ? {} : { on: { kind: 'resource', label: 'On', help: '', resourceType: 't.resource' } },
    output: { type: 'any' },
  } as unknown as ActivityDeclaration,
];
const catalog = new Map([
  declare('t.resource', 'resource'),
  declare('t.start', 'starter'),
  declare('t.step', 'activity'),
]);

const step = (id: string): Activity => ({ id, name: id, type: 't.step', config: { on: 'shared' }, input: {} });
const process = (id: string) => ({
  id,
  name: id,
  activities: { first: step('first'), start: { ...step('start'), type: 't.start' }, last: step('last') },
  transitions: [],
  layout: { positions: {} },
});
const project = {
  ...{ format: 1, name: 'p', version: '1', properties: {}, profiles: {}, schemas: {}, tests: {} },
  processes: { one: process('one'), two: process('two') },
  resources: { shared: { id: 'shared', name: 'Shared', type: 't.resource', config: {} } },
} as unknown as Project;

interface Gate {
  readonly name: string;
  readonly pass: () => void;
  readonly fail: (error: Error) => void;
}

/** A run whose every wait is a gate in the hands of the test. */
class Slow {
  readonly clock = new ManualClock();
  readonly gates: Gate[] = [];
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  readonly sinks: StarterSink[] = [];
  #count = 0;
  readonly run = createRun(project, {
    ...{ catalog, projectFolder: '/p', clock: this.clock, random: new SeededRandom(1), log: silentLog },
    runtimes: {
      't.resource': () => this.#load({ kind: 'resource', type: 't.resource', open: () => this.#resource() }),
      't.start': () => this.#load({ kind: 'starter', type: 't.start', open: () => this.#starter() }),
      't.step': () => this.#load({ kind: 'activity', type: 't.step', open: () => this.#activity() }),
    },
  });

  #gate(name: string): Promise<void> {
    return new Promise((pass, fail) => this.gates.push({ name, pass, fail }));
  }

  async #load(runtime: PaletteRuntime): Promise<PaletteRuntime> {
    await this.#gate(`load ${runtime.type}`);
    return runtime;
  }

  async #open(kind: string): Promise<string> {
    const name = `${kind} ${++this.#count}`;
    await this.#gate(`open ${kind}`);
    this.opened.push(name);
    return name;
  }

  async #resource() {
    const name = await this.#open('resource');
    return { value: name, close: async () => void this.closed.push(name) };
  }

  async #activity() {
    const name = await this.#open('activity');
    return { execute: () => 1, close: async () => void this.closed.push(name) };
  }

  async #starter() {
    const name = await this.#open('starter');
    return {
      start: async (sink: StarterSink) => {
        await this.#gate('start');
        this.sinks.push(sink);
      },
      stop: async () => void this.closed.push(name),
    };
  }

  /** Lets promises run until nothing more happens by itself. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  }

  /** Passes the next gate; false when none waits. */
  async pass(): Promise<boolean> {
    await this.settle();
    const gate = this.gates.shift();
    gate?.pass();
    await this.settle();
    return gate !== undefined;
  }
}

/** How many waits a whole start has. */
async function waits(): Promise<number> {
  const slow = new Slow();
  const started = slow.run.start();
  let count = 0;
  while (await slow.pass()) count++;
  await started;
  return count;
}

const points = Array.from({ length: await waits() }, (_, index) => index);

/** Whatever was opened is closed, once, and no starter works. */
function expectNothingLeft(slow: Slow): void {
  expect(slow.closed.toSorted()).toEqual(slow.opened.toSorted());
  for (const sink of slow.sinks) {
    const outcomes: JobOutcome[] = [];
    expect(
      sink.emit({
        output: {},
        settle: (outcome) => {
          outcomes.push(outcome);
        },
      }),
    ).toBe(false);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'JOB_ABANDONED' } }]);
  }
}

describe('a stop while the run starts', () => {
  it('has waits to come in between', () => expect(points.length).toBeGreaterThan(12));

  it.each(points)('after %i waits lets what is under way end and begins nothing more', async (point) => {
    const slow = new Slow();
    const started = slow.run.start();
    for (let passed = 0; passed < point; passed++) await slow.pass();
    const opened = slow.opened.length;
    const stopped = slow.run.stop();
    while (await slow.pass());
    await Promise.all([started, stopped]);
    expect(slow.run.status).toMatchObject({ state: 'stopped', failure: null });
    expect(slow.opened.length).toBeLessThanOrEqual(opened + 1);
    expectNothingLeft(slow);
  });

  it.each(points)('after %i waits does not wait for ever, and closes what opens too late', async (point) => {
    const slow = new Slow();
    const started = slow.run.start();
    for (let passed = 0; passed < point; passed++) await slow.pass();
    await slow.settle();
    const stopped = slow.run.stop();
    const from = slow.clock.monotonic();
    while (slow.run.status.state === 'stopping') {
      await slow.settle();
      slow.clock.step();
      await slow.settle();
    }
    await Promise.all([started, stopped]);
    expect(slow.clock.monotonic() - from).toBeLessThan(10_000);
    expect(slow.run.status).toMatchObject({ state: 'stopped', failure: null });
    while (await slow.pass());
    expectNothingLeft(slow);
  });

  it.each(points)('after %i waits is no failure when what was under way fails', async (point) => {
    const slow = new Slow();
    const started = slow.run.start();
    for (let passed = 0; passed < point; passed++) await slow.pass();
    await slow.settle();
    const stopped = slow.run.stop();
    for (const gate of slow.gates.splice(0)) gate.fail(new Error('interrupted'));
    while (await slow.pass());
    await Promise.all([started, stopped]);
    expect(slow.run.status).toMatchObject({ state: 'stopped', failure: null });
    expectNothingLeft(slow);
  });

  it('before it starts leaves nothing to start', async () => {
    const slow = new Slow();
    await slow.run.stop();
    await slow.run.start();
    expect([slow.gates, slow.run.status.state]).toEqual([[], 'stopped']);
  });
});

describe('a start that fails', () => {
  it.each(points)('after %i waits closes everything', async (point) => {
    const slow = new Slow();
    const started = slow.run.start().catch((error: unknown) => error);
    for (let passed = 0; passed < point; passed++) await slow.pass();
    await slow.settle();
    slow.gates.shift()!.fail(new MillraceError('BROKEN', 'no'));
    while (await slow.pass());
    expect(await started).toMatchObject({ code: 'BROKEN' });
    expect(slow.run.status).toMatchObject({ state: 'failed', failure: { code: 'BROKEN' } });
    expectNothingLeft(slow);
  });
});

it('75: a stop from a listener that hears of the stop is the same stop', async () => {
  const slow = new Slow();
  const states: string[] = [];
  slow.run.on((event) => {
    if (event.kind !== 'status') return;
    states.push(`${event.status.state} ${event.status.processStates.one ?? '-'}`);
    if (Object.values(event.status.processStates).includes('failed')) void slow.run.stop();
    if (event.status.state === 'stopping') void slow.run.stop();
  });
  const started = slow.run.start();
  while (await slow.pass());
  await started;
  slow.sinks[0]!.failed(new Error('no more'));
  await slow.run.ended();
  expect(states.at(-1)).toBe('failed failed');
  expect(states.filter((state) => state === 'failed failed')).toHaveLength(1);
  expect(slow.run.status.failure).toMatchObject({ message: 'no more' });
  expectNothingLeft(slow);
});

it('stops a starter that was opened before the activity that cannot be', async () => {
  const slow = new Slow();
  const started = slow.run.start().catch((error: unknown) => error);
  const isAfterStarter = () => slow.opened.some((name) => name.startsWith('starter'));
  while (!isAfterStarter() || slow.gates[0]?.name !== 'open activity') await slow.pass();
  slow.gates.shift()!.fail(new MillraceError('BROKEN', 'no'));
  while (await slow.pass());
  expect(await started).toMatchObject({ code: 'BROKEN' });
  expect(slow.opened.map((name) => name.split(' ')[0])).toEqual(['resource', 'activity', 'starter']);
  expectNothingLeft(slow);
});
