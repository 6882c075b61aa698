import type { Clock } from '../../../base/clock.ts';
import { apis } from '../../../protocol/api-keys.ts';
import type { FetchQuota } from '../../api/quotas/fetch-quota.ts';
import type { ImageChange } from '../../controller/image-change.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { ClientQuota } from '../../quota/client-quota.ts';
import { ConnectionLimits } from '../../quota/connection-limits.ts';
import type { QuotaClient, QuotaTable } from '../../quota/quota-lookup.ts';
import type { SampleWindows } from '../../quota/sampled-rate.ts';
import type { Principal } from '../../security/principal.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { responseBytes } from '../exchange/encode.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { RequestQuotas } from '../exchange/request-quotas.ts';
import type { QuotaUse } from '../metrics/kafka/quota-metrics.ts';
import { connectionSettingsOf } from './connection-settings.ts';

/** Percent of one thread that a millisecond of a second is. */
const percentPerMs = 0.1;

/**
 * The quotas of clients on this broker: bytes produced, bytes fetched, and time taken of the thread, under the names
 * `producer_byte_rate`, `consumer_byte_rate` and `request_percentage`; and their connections. Quotas hold for each broker apart.
 */
export class BrokerQuotas implements RequestQuotas, FetchQuota {
  /** Limits of connections, which are asked before there is a request. */
  readonly connections: ConnectionLimits;
  readonly #config: Pick<BrokerConfig, 'brokerId' | 'given'>;
  readonly #clock: Clock;
  readonly #isSmooth: boolean;
  readonly #fetchWindowSeconds: number;
  readonly #produced: ClientQuota;
  readonly #fetched: ClientQuota;
  readonly #time: ClientQuota;

  constructor(clock: Clock, config: Pick<BrokerConfig, 'brokerId' | 'settings' | 'given'>) {
    const { quotaWindowNum: samples, quotaWindowSizeSeconds: seconds, quotaSmoothing: isSmooth } = config.settings;
    this.#config = config;
    const windows: SampleWindows = { samples, sampleMs: seconds * 1_000 };
    this.#clock = clock;
    this.#isSmooth = isSmooth;
    this.#fetchWindowSeconds = (isSmooth ? 1 : Math.max(1, samples - 1)) * seconds;
    this.connections = new ConnectionLimits(windows);
    this.#setConnections(MetadataImage.empty(''));
    this.#produced = new ClientQuota({ key: 'producer_byte_rate', windows, isSmooth });
    this.#fetched = new ClientQuota({ key: 'consumer_byte_rate', windows, isSmooth });
    this.#time = new ClientQuota({ key: 'request_percentage', windows, throttleMsMax: windows.sampleMs });
  }

  /** Whether the time that requests take is counted. */
  get timesRequests(): boolean {
    return this.#time.isActive;
  }

  /** What holds from now on. */
  imageChanged(image: MetadataImage, { quotas, configs }: ImageChange): void {
    if (quotas) this.setTable(image.subjects.quotas);
    if (configs.broker.size > 0) this.#setConnections(image);
  }

  #setConnections(image: MetadataImage): void {
    const { brokerId, given } = this.#config;
    this.connections.setSettings(connectionSettingsOf(image, brokerId, given));
  }

  setTable(table: QuotaTable): void {
    for (const quota of [this.#produced, this.#fetched, this.#time, this.connections]) quota.setTable(table);
  }

  /** What clients with quotas have used lately. */
  usage(): QuotaUse[] {
    const nowMs = this.#nowMs;
    return [
      ...usageOf('Produce', this.#produced, nowMs),
      ...usageOf('Fetch', this.#fetched, nowMs),
      ...usageOf('Request', this.#time, nowMs),
    ];
  }

  fetchBytesMax(principal: Principal, clientId: string | null): number {
    if (!this.#fetched.isActive) return Number.POSITIVE_INFINITY;
    const limit = this.#fetched.limitOf(clientOf(principal, clientId));
    return limit === undefined ? Number.POSITIVE_INFINITY : limit * this.#fetchWindowSeconds;
  }

  charge(exchange: Exchange): number {
    const { apiKey, principal, clientId } = exchange;
    if (apiKey === apis.produce.key && this.#produced.isActive)
      return Math.max(
        this.#produced.record(clientOf(principal, clientId), exchange.requestBytes, this.#nowMs),
        this.#chargeTime(exchange),
      );
    if (apiKey === apis.fetch.key) return this.#chargeFetch(exchange);
    return this.#chargeTime(exchange);
  }

  sent({ principal, clientId }: Exchange, durationMs: number): void {
    this.#time.record(clientOf(principal, clientId), durationMs * percentPerMs, this.#nowMs);
  }

  /** A fetch that goes over a quota gets nothing, so what it would have got does not count. A smooth quota gives, and waits after it. */
  #chargeFetch(exchange: Exchange): number {
    if (!this.#fetched.isActive && !this.#time.isActive) return 0;
    const client = clientOf(exchange.principal, exchange.clientId);
    const nowMs = this.#nowMs;
    const bytes = this.#fetched.isActive ? responseBytes(exchange) : 0;
    const waitMs = Math.max(this.#fetched.record(client, bytes, nowMs), this.#chargeTime(exchange));
    if (waitMs === 0 || this.#isSmooth) return waitMs;
    exchange.isShed = true;
    this.#fetched.record(client, -bytes, nowMs);
    return waitMs;
  }

  /** Requests without a response are not charged for their time. */
  #chargeTime({ principal, clientId, threadMs, response }: Exchange): number {
    if (!this.#time.isActive || response === undefined) return 0;
    return this.#time.record(clientOf(principal, clientId), threadMs * percentPerMs, this.#nowMs);
  }

  get #nowMs(): number {
    return this.#clock.monotonic();
  }
}

function usageOf(resource: string, quota: ClientQuota, nowMs: number): QuotaUse[] {
  return quota.rates(nowMs).map((share) => ({ resource, ...share }));
}

function clientOf({ name }: Principal, clientId: string | null): QuotaClient {
  return { user: name, clientId: clientId ?? '' };
}
