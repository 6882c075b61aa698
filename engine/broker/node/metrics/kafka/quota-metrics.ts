import type { MetricRegistry } from '../metric-registry.ts';

/** What clients with a quota have used of it lately. */
export interface QuotaUse {
  /** Kafka's name of the kind: `Produce`. */
  readonly resource: string;
  /** Empty where the quota does not tell users apart, or client ids. */
  readonly user: string;
  readonly clientId: string;
  /** A second. */
  readonly rate: number;
}

/** Attributes of the kinds of quotas, as the usual exporter writes them. */
const rates: readonly (readonly [metric: string, resources: readonly string[], help: string])[] = [
  ['kafka_server_quota_byte_rate', ['Produce', 'Fetch'], 'Bytes a second of a client with a quota.'],
  ['kafka_server_quota_request_time', ['Request'], 'Percent of a thread that a client with a quota takes.'],
];

/** Usage of quotas; nothing where nobody has one. */
export function quotaMetrics(registry: MetricRegistry, usage: () => readonly QuotaUse[]): void {
  for (const [metric, resources, help] of rates)
    registry.gauge(metric, help, ['resource', 'user', 'clientId'], function* () {
      for (const { resource, user, clientId, rate } of usage())
        if (resources.includes(resource)) yield [[resource, user, clientId], rate];
    });
}
