import { silentLog } from '../../engine/base/log.ts';
import { ManualClock } from '../../engine/base/manual-clock.ts';
import { SeededRandom } from '../../engine/base/seeded-random.ts';
import type { ActivityDeclaration, ConfigOfDeclaration } from '../../engine/spi/define-activity.ts';
import { readConfig } from '../../engine/spi/read-config.ts';
import type { RuntimeHost } from '../../engine/spi/runtime.ts';

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
    resolvePath: (path) => path,
    metrics: {
      count: (name, add = 1) => values.set(name, (values.get(name) ?? 0) + add),
      gauge: (name, value) => values.set(name, value),
    },
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
