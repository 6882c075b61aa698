import { apiOf } from '../../../protocol/api-keys.ts';
import { errorName } from '../../../protocol/error-codes.ts';
import type { MessageSchema } from '../../../protocol/schema.ts';
import { KafkaRequestMetrics } from './kafka/request-metrics.ts';
import type { Counter, Histogram, MetricRegistry } from './metric-registry.ts';
import { forEachError } from './response-errors.ts';

/** Bucket limits of request times, in seconds. */
const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is counted of a request that was answered. */
export interface AnsweredRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly requestBytes: number;
  readonly isBroker: boolean;
  readonly response: unknown;
}

/** Bytes, requests, errors and times at the door of the broker. */
export class RequestMetrics {
  readonly #bytes: Counter;
  readonly #requests: Counter;
  readonly #errors: Counter;
  readonly #latency: Histogram;
  readonly #turnedAway: Counter;
  readonly #throttled: Counter;
  readonly #throttleTime: Counter;

  readonly #kafka: KafkaRequestMetrics;

  /** `nowMs` tells how old the quantiles of times are. */
  constructor(registry: MetricRegistry, nowMs: () => number = () => 0) {
    this.#bytes = registry.counter('millrace_network_bytes_total', 'Bytes received (in) and sent (out).', [
      'direction',
    ]);
    this.#requests = registry.counter('millrace_requests_total', 'Requests answered, by API.', ['api']);
    this.#errors = registry.counter('millrace_errors_total', 'Error codes in responses, by API.', ['api', 'error']);
    this.#turnedAway = registry.counter(
      'millrace_connections_turned_away_total',
      'Connections closed or refused for what they did.',
      ['reason'],
    );
    this.#throttled = registry.counter('millrace_throttled_requests_total', 'Requests over a quota, by API.', ['api']);
    this.#throttleTime = registry.counter(
      'millrace_throttle_seconds_total',
      'Time that clients were held back for going over a quota, by API.',
      ['api'],
    );
    this.#latency = registry.histogram(
      'millrace_request_seconds',
      'Time from a request to its response, waits included.',
      ['api'],
      latencyBounds,
    );
    this.#kafka = new KafkaRequestMetrics(registry, this.#errors, nowMs);
  }

  traffic(direction: 'in' | 'out', bytes: number): void {
    this.#bytes.add(bytes, direction);
  }

  turnedAway(reason: string): void {
    this.#turnedAway.add(1, reason);
  }

  throttled(apiKey: number, throttleTimeMs: number): void {
    this.#kafka.throttled(apiKey, throttleTimeMs);
    const api = apiOf(apiKey)?.name ?? String(apiKey);
    this.#throttled.add(1, api);
    this.#throttleTime.add(throttleTimeMs / 1_000, api);
  }

  answered(
    { apiKey, apiVersion, requestBytes, isBroker, response }: AnsweredRequest,
    schema: MessageSchema,
    latencyMs: number,
  ): void {
    this.#kafka.answered(apiKey, apiVersion, isBroker, latencyMs, requestBytes);
    const api = apiOf(apiKey)?.name ?? String(apiKey);
    this.#requests.add(1, api);
    this.#latency.observe(latencyMs / 1000, api);
    if (response === undefined) return;
    forEachError(schema, response, (code) => this.#errors.add(1, api, errorName(code) ?? String(code)));
  }
}
