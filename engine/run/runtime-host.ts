import { isAbsolute, relative, resolve } from 'node:path';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import type { ClusterAccess } from '../spi/cluster-access.ts';
import type { RuntimeHost, RuntimeMetrics } from '../spi/runtime.ts';
import { RunError } from './run-error.ts';
import type { StateFolder } from './state-file.ts';
import { StateFile } from './state-file.ts';

/** What all runtimes of a run stand on. */
export interface RunGround {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly projectFolder: string;
  readonly clusterAddress: string | undefined;
  readonly clusterAccess: ClusterAccess | undefined;
  readonly state: StateFolder | undefined;
  /** Opened shared resources by id. */
  readonly resources: ReadonlyMap<string, { readonly value: unknown }>;
}

/** Metric values of one activity, by name. */
export type MetricValues = Map<string, number>;

function metricsInto(values: MetricValues): RuntimeMetrics {
  return {
    count: (name, add = 1) => values.set(name, (values.get(name) ?? 0) + add),
    gauge: (name, value) => values.set(name, value),
  };
}

/** What is of one activity or resource alone. */
interface HostParts {
  /** `<process>.<activity>` or resource id. */
  readonly key: string;
  /** Fields of its log lines. */
  readonly context: Record<string, string>;
  readonly metrics: MetricValues;
}

/** The host of one activity or resource: the run's ground under its name. */
export function createRuntimeHost(ground: RunGround, name: string, { key, context, metrics }: HostParts): RuntimeHost {
  return {
    name,
    clock: ground.clock,
    random: ground.random,
    log: ground.log.with(context),
    resource<T>(id: string): T {
      const resource = ground.resources.get(id);
      assert(resource, `resource "${id}" was not opened before ${name}`);
      return resource.value as T;
    },
    clusterAddress: () => {
      if (ground.clusterAddress) return ground.clusterAddress;
      throw new RunError(
        'NO_CLUSTER',
        `expected a bundled cluster for "${name}", found none; start one with millrace cluster start, or name one with --cluster host:port`,
      );
    },
    clusterAccess: () => ground.clusterAccess,
    compile: (expression) => {
      const compiled = compileExpression(expression, ground);
      if (!compiled.ok) throw compiled.error;
      return compiled.value.evaluate;
    },
    resolvePath: (path) => pathInside(ground.projectFolder, path),
    metrics: metricsInto(metrics),
    state: new StateFile(ground.state, key),
  };
}

function pathInside(folder: string, path: string): string {
  const full = resolve(folder, path);
  const inside = relative(folder, full);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new RunError('PATH_OUTSIDE_PROJECT', `expected a path inside the project folder, found "${path}"`);
  return full;
}
