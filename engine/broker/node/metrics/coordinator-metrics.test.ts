import { expect, it } from 'vitest';
import { coordinatorMetrics } from './coordinator-metrics.ts';
import { MetricRegistry } from './metric-registry.ts';

it('shows what a coordinator leads, and what its loads failed at and passed over', () => {
  const registry = new MetricRegistry();
  const loadCounts = { failures: 4, unreadable: 1, unknownKeys: 2, unknownValues: 3, controlBatches: 5 };
  const partitionsIn = (phase: string) => (phase === 'failed' ? 1 : 0);
  coordinatorMetrics(registry, new Map([['groups', { loadCounts, partitionsIn }]]));
  const lines = registry.text().split('\n');
  expect(lines).toContain('millrace_coordinator_partitions{coordinator="groups",state="failed"} 1');
  expect(lines).toContain('millrace_coordinator_load_failures_total{coordinator="groups",reason="unreadable"} 1');
  expect(lines).toContain('millrace_coordinator_load_failures_total{coordinator="groups",reason="retried"} 4');
  expect(lines).toContain(
    'millrace_coordinator_records_passed_over_total{coordinator="groups",kind="newer-version"} 3',
  );
});
