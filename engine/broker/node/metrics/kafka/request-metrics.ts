import { apiOf } from '../../../../protocol/api-keys.ts';
import type { Counter, MetricRegistry } from '../metric-registry.ts';
import type { Summary } from '../summary.ts';

/** More than any API has. */
const versionsMax = 64;
const fetchName = 'Fetch';

/**
 * Requests by API under the names that the usual exporter gives `kafka.network:type=RequestMetrics`. Fetches are counted as such, and as those
 * of consumers or of followers. A request waits for no thread here, so there is no time in queues beside the total.
 */
export class KafkaRequestMetrics {
  /** Requests by API and version, without a text for each. */
  readonly #requests: number[] = [];
  readonly #totalTime: Summary;
  readonly #throttleTime: Summary;
  readonly #bytes: Summary;

  constructor(registry: MetricRegistry, errors: Counter, nowMs: () => number) {
    const prefix = 'kafka_network_requestmetrics';
    const requests = this.#requests;
    registry.counts(`${prefix}_requests_total`, 'Requests answered.', ['request', 'version'], function* () {
      for (const [index, count] of requests.entries())
        if (count) yield [[nameOf(Math.floor(index / versionsMax)), index % versionsMax], count];
    });
    registry.counts(`${prefix}_errors_total`, 'Errors in responses.', ['request', 'error'], () => errors.entries());
    const times = (name: string, help: string) => registry.summary(`${prefix}_${name}`, help, 'request', nowMs);
    this.#totalTime = times('totaltimems', 'Time from a request to its response, waits included, in ms.');
    this.#throttleTime = times('throttletimems', 'Time that clients were held back, in ms.');
    this.#bytes = times('requestbytes', 'Bytes of requests.');
  }

  answered(apiKey: number, apiVersion: number, isBroker: boolean, totalMs: number, bytes: number): void {
    const index = apiKey * versionsMax + Math.min(apiVersion, versionsMax - 1);
    this.#requests[index] = (this.#requests[index] ?? 0) + 1;
    const name = nameOf(apiKey);
    this.#totalTime.observe(totalMs, name);
    this.#bytes.observe(bytes, name);
    if (name === fetchName) this.#totalTime.observe(totalMs, isBroker ? 'FetchFollower' : 'FetchConsumer');
  }

  throttled(apiKey: number, throttleTimeMs: number): void {
    this.#throttleTime.observe(throttleTimeMs, nameOf(apiKey));
  }
}

function nameOf(apiKey: number): string {
  return apiOf(apiKey)?.name ?? String(apiKey);
}
