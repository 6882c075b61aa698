import { silentLog } from '../../engine/base/log.ts';
import { ManualClock } from '../../engine/base/testing/manual-clock.ts';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import { compileExpression } from '../../engine/expressions/compile-expression.ts';
import { StateFile } from '../../engine/run/state-file.ts';
import type { ActivityDeclaration, ConfigOfDeclaration } from '../../engine/spi/define-activity.ts';
import { readConfig } from '../../engine/spi/read-config.ts';
import type { JobContext, RuntimeHost, StarterEvent, StarterSink } from '../../engine/spi/runtime.ts';

/** A runtime host on a manual clock, for tests of activities. */
export interface TestHost extends RuntimeHost {
  readonly clock: ManualClock;
  /** Metric values by name. */
  readonly values: Map<string, number>;
}

/** A host with the given parts replaced. `resources` is what `resource(id)` finds. */
export function testRuntimeHost(parts: Partial<RuntimeHost> & { resources?: Record<string, unknown> } = {}): TestHost {
  const values = new Map<string, number>();
  return {
    name: 'test',
    random: new SeededRandom(1),
    log: silentLog,
    resource: <T>(id: string) => parts.resources?.[id] as T,
    clusterAddress: () => '127.0.0.1:9092',
    clusterAccess: () => undefined,
    resolvePath: (path) => path,
    compile: (expression) => {
      const compiled = compileExpression(expression, { clock: new ManualClock(), random: new SeededRandom(1) });
      if (!compiled.ok) throw compiled.error;
      return compiled.value.evaluate;
    },
    metrics: {
      count: (name, add = 1) => values.set(name, (values.get(name) ?? 0) + add),
      gauge: (name, value) => values.set(name, value),
    },
    state: new StateFile(undefined, 'test'),
    ...parts,
    clock: new ManualClock(),
    values,
  };
}

/** The config that a runtime would get for these raw values. Throws when the declaration refuses them. */
export function testConfig<D extends ActivityDeclaration>(
  declaration: D,
  raw: Parameters<typeof readConfig>[1],
): ConfigOfDeclaration<D> {
  const config = readConfig(declaration.config, raw);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value as ConfigOfDeclaration<D>;
}

/** A job for activities that do not look at it. */
export const testJob: JobContext = {
  id: 'job-1',
  process: 'test',
  activity: 'test',
  execution: 0,
  signal: new AbortController().signal,
  variables: new Map(),
  event: {},
};

/** A sink that keeps what a starter hands over. */
export interface TestSink extends StarterSink {
  readonly outputs: unknown[];
  readonly failure: Error | undefined;
  readonly isFinished: boolean;
  /** Ends every job that has not ended yet, well. */
  settleAll(): void;
  /** Says that there is room for this many more events. */
  makeRoom(events: number): void;
}

/** A sink with room for `room` events until `makeRoom` is called. */
export function testSink(room = Number.POSITIVE_INFINITY): TestSink {
  const outputs: unknown[] = [];
  const open: StarterEvent[] = [];
  let left = room;
  let ready = () => {};
  const state = { failure: undefined as Error | undefined, isFinished: false };
  return {
    outputs,
    get failure() {
      return state.failure;
    },
    get isFinished() {
      return state.isFinished;
    },
    emit: (event) => {
      outputs.push(event.output);
      open.push(event);
      left--;
      return left > 0;
    },
    onReady: (callback) => {
      ready = callback;
    },
    finished: () => {
      state.isFinished = true;
    },
    failed: (error) => {
      state.failure = error;
    },
    settleAll: () => {
      for (const event of open.splice(0)) event.settle({ ok: true });
    },
    makeRoom: (events) => {
      left = events;
      ready();
    },
  };
}
