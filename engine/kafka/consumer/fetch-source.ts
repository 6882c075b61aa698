import type { MillraceError } from '../../base/errors.ts';
import { PartitionFeed } from './partition-feed.ts';

/** A partition that a fetcher reads: its feed, and how things stand between it and the brokers. */
export class FetchSource {
  readonly feed: PartitionFeed;
  /** Id of the topic that the offsets belong to; undefined until metadata told. A topic made anew has another one. */
  topicId: string | undefined;
  /** Ids that the topic had before: a broker that lags behind may still tell of them. */
  readonly formerIds = new Set<string>();
  /** A follower that the leader named for reading (KIP-392), and until when; monotonic milliseconds. */
  replica: { readonly id: number; readonly until: number } | undefined;
  /** True while an offset to read on from is looked for: nothing is fetched. */
  isMoving = false;
  /** Failures in a row. */
  failures = 0;
  /** Not fetched before this monotonic time. */
  notBefore = 0;
  /** Broker and leader epoch of the last failure: with another leader there is no reason to wait. */
  failedAt = '';
  /** The damage in the feed that was seen last. */
  damage: MillraceError | undefined;
  /** Code of the trouble that was told; undefined when all is well. */
  told: string | undefined;

  constructor(topic: string, partition: number, offset: number, onDamage: () => void) {
    this.feed = new PartitionFeed(topic, partition, offset, onDamage);
  }

  /** Notes a fetch that worked; true when trouble had been told, which is then over. */
  worked(): boolean {
    const wasTold = this.told !== undefined;
    this.failures = 0;
    this.told = undefined;
    return wasTold;
  }

  /** Notes a failure of the partition under `leader`: it is left alone until `notBefore`, or until it has another leader. */
  failed(notBefore: number, leader: string): void {
    this.failures++;
    this.notBefore = notBefore;
    this.failedAt = leader;
  }

  /** Whether this trouble has to be told: the first time, or another kind than before. */
  tells(error: MillraceError): boolean {
    const code = `${error.code} ${error.details.offset ?? ''}`;
    if (this.told === code) return false;
    this.told = code;
    return true;
  }
}
