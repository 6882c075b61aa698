import type { ImageChange } from '../../controller/image-change.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { SampleWindows } from '../../quota/sampled-rate.ts';
import { SampledRate, throttleMs } from '../../quota/sampled-rate.ts';
import type { ReplicationThrottle, ReplicationThrottles } from '../../replica/replication-throttle.ts';
import type { BrokerConfig } from '../config/broker-config.ts';

/** Samples of the rate, as in Kafka's `replication.quota.window.num` and `replication.quota.window.size.seconds`. */
const windows: SampleWindows = { samples: 11, sampleMs: 1_000 };

/** What is listed of a topic here. */
type Listed = 'all' | ReadonlySet<number>;

/** One side of replication: a rate for all listed replicas together. */
class Throttle implements ReplicationThrottle {
  readonly #nowMs: () => number;
  readonly #rate = new SampledRate(windows);
  #limit = Number.POSITIVE_INFINITY;
  #listed: ReadonlyMap<string, Listed> = new Map();
  isActive = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** `limit` in bytes a second. */
  set(limit: number, listed: ReadonlyMap<string, Listed>): void {
    this.#limit = limit;
    this.#listed = listed;
    this.isActive = Number.isFinite(limit) && listed.size > 0;
  }

  isListed(topic: string, partition: number): boolean {
    const listed = this.#listed.get(topic);
    return listed === 'all' || listed?.has(partition) === true;
  }

  waitMs(): number {
    if (!this.isActive) return 0;
    const nowMs = this.#nowMs();
    return throttleMs(this.#rate.sum(nowMs), this.#rate.windowMs(nowMs), this.#limit);
  }

  record(bytes: number): void {
    if (this.isActive) this.#rate.record(bytes, this.#nowMs());
  }
}

/**
 * Throttles of replication on this broker: `leader.replication.throttled.rate` and `follower.replication.throttled.rate` of the broker, for
 * the replicas that topics list under `leader.replication.throttled.replicas` and `follower.replication.throttled.replicas`.
 */
export class BrokerReplicationThrottles implements ReplicationThrottles {
  readonly leader: Throttle;
  readonly follower: Throttle;
  readonly #config: Pick<BrokerConfig, 'brokerId' | 'given'>;

  constructor(config: Pick<BrokerConfig, 'brokerId' | 'given'>, nowMs: () => number) {
    this.#config = config;
    this.leader = new Throttle(nowMs);
    this.follower = new Throttle(nowMs);
  }

  /** What holds from now on. */
  imageChanged(image: MetadataImage, { configs, topics }: ImageChange): void {
    if (configs.broker.size === 0 && configs.topic.size === 0 && topics.removed.size === 0) return;
    for (const side of ['leader', 'follower'] as const)
      this[side].set(this.#limitOf(image, side), this.#listedIn(image, `${side}.replication.throttled.replicas`));
  }

  #limitOf(image: MetadataImage, side: 'leader' | 'follower'): number {
    const { brokerId, given } = this.#config;
    const name = `${side}.replication.throttled.rate`;
    const text =
      image.configs('broker', String(brokerId)).get(name) ?? image.configs('broker', '').get(name) ?? given.get(name);
    const rate = text === undefined ? Number.POSITIVE_INFINITY : Number(text);
    return rate < Number.MAX_SAFE_INTEGER ? rate : Number.POSITIVE_INFINITY;
  }

  /** `*`, or `partition:broker` pairs of which those of this broker count. */
  #listedIn(image: MetadataImage, name: string): ReadonlyMap<string, Listed> {
    const listed = new Map<string, Listed>();
    for (const [topic, configs] of image.subjects.configs.topic) {
      const text = configs.get(name)?.trim() ?? '';
      if (text === '*') listed.set(topic, 'all');
      else if (text !== '') listed.set(topic, this.#ownOf(text));
    }
    return listed;
  }

  #ownOf(text: string): ReadonlySet<number> {
    const pairs = text.split(',').map((pair) => pair.trim().split(':'));
    return new Set(
      pairs.filter(([, id]) => Number(id) === this.#config.brokerId).map(([partition]) => Number(partition)),
    );
  }
}
