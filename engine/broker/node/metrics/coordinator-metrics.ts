import type { LoadCounts } from '../../coordinator/load-counts.ts';
import type { ShardPhase } from '../../coordinator/shard.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** A coordinator as its metrics see it. */
export interface CountedCoordinator {
  readonly loadCounts: Readonly<LoadCounts>;
  partitionsIn(phase: ShardPhase): number;
}

const phases: readonly ShardPhase[] = ['loading', 'active', 'failed'];

/** What the coordinators of a broker lead and what they found when they read it back, by coordinator. */
export function coordinatorMetrics(
  registry: MetricRegistry,
  coordinators: ReadonlyMap<string, CountedCoordinator>,
): void {
  registry.gauge(
    'millrace_coordinator_partitions',
    'Partitions that a coordinator leads; a failed one holds a record that cannot be read and is served by nobody.',
    ['coordinator', 'state'],
    function* () {
      for (const [name, coordinator] of coordinators)
        for (const phase of phases) yield [[name, phase], coordinator.partitionsIn(phase)];
    },
  );
  registry.gauge(
    'millrace_coordinator_load_failures_total',
    'Loads of a partition that failed: those tried again, and those that ended at a record that cannot be read.',
    ['coordinator', 'reason'],
    function* () {
      for (const [name, { loadCounts }] of coordinators) {
        yield [[name, 'retried'], loadCounts.failures];
        yield [[name, 'unreadable'], loadCounts.unreadable];
      }
    },
  );
  registry.gauge(
    'millrace_coordinator_records_passed_over_total',
    'What loads passed over: records of unknown types, of newer versions, and batches with markers of transactions.',
    ['coordinator', 'kind'],
    function* () {
      for (const [name, { loadCounts }] of coordinators) {
        yield [[name, 'unknown-type'], loadCounts.unknownKeys];
        yield [[name, 'newer-version'], loadCounts.unknownValues];
        yield [[name, 'control-batch'], loadCounts.controlBatches];
      }
    },
  );
}
