import { silentLog } from '../../engine/base/log.ts';
import { ManualClock } from '../../engine/base/testing/manual-clock.ts';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import type { Activity, Process, Project, Transition } from '../../engine/model/document.ts';
import type { RunOptions } from '../../engine/run/create-run.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import { defineActivity } from '../../engine/spi/define-activity.ts';
import type { PaletteRuntime, RuntimeLoaders } from '../../engine/spi/define-runtime.ts';
import { flowLimitField } from '../../engine/spi/flow-limit-field.ts';
import type { EventAbilities, FailedJobFate, JobContext, JobOutcome, StarterSink } from '../../engine/spi/runtime.ts';

const base = { group: 'Test', summary: '', keywords: [], suggestedId: 'x', faults: [] } as const;
/** Type of the starter of these runs. */
export const starter = defineActivity({
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
/** Type of the activity of these runs. */
export const work = defineActivity({
  ...base,
  type: 'test.work',
  title: 'Work',
  kind: 'activity',
  config: {},
  input: {},
  openInput: true,
  output: { type: 'any' },
});

/** A starter and an activity in the hands of the test, for runs. */
export class Bench {
  readonly clock = new ManualClock();
  readonly outcomes: JobOutcome[] = [];
  readonly executed: unknown[] = [];
  readonly contexts: JobContext<keyof EventAbilities>[] = [];
  readonly closed: string[] = [];
  config: Record<string, unknown> = {};
  sink!: StarterSink;
  readyCalls = 0;
  work: (input: Readonly<Record<string, unknown>>) => unknown = (input) => input;
  startFault: Error | undefined;
  fate: FailedJobFate | undefined;
  waiting = 0;
  #open = 0;
  #idle = () => {};

  emit(output: unknown, abilities: Partial<EventAbilities> = {}): boolean {
    this.#open++;
    return this.sink.emit({
      output,
      abilities,
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
          const bench = this;
          return {
            get waiting() {
              return bench.waiting;
            },
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

/** An activity of a process. */
export function activity(id: string, type: string, parts: Partial<Activity> = {}): Activity {
  return { id, name: id, type, config: {}, input: {}, ...parts };
}

/** A transition; its id is made of its ends. */
export function wire(from: string, to: string, kind: Transition['kind'] = 'success', condition?: string): Transition {
  return { id: `${from}-${to}`, from, to, kind, ...(condition === undefined ? {} : { condition }) };
}

/** A project with one process: a starter, and a mapping that doubles `n`, unless told otherwise. */
export function projectOf(process: Partial<Process>, parts: Partial<Project> = {}): Project {
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
