import type { QuotaClient, QuotaTable } from './quota-lookup.ts';
import { quotaInForce } from './quota-lookup.ts';
import { TokenBucket } from './token-bucket.ts';

/** What one request may change of the cluster's topics, in partitions. */
export interface MutationBudget {
  /** Books so many partitions. False: there are none left, and the row is refused. */
  take(partitions: number): boolean;
  /** How long the client has to wait, in ms; 0: not at all. */
  readonly throttleTimeMs: number;
}

export const unlimitedBudget: MutationBudget = { take: () => true, throttleTimeMs: 0 };

/** Shares that are kept; the oldest give way. */
const sharesMax = 10_000;

/**
 * The quota of partitions that clients create and delete (`controller_mutation_rate`, KIP-599), on the active controller. A share
 * fills up with time, to a window's worth; a request may take more than there is while there is any.
 */
export class ControllerMutations {
  readonly #windowSeconds: number;
  readonly #shares = new Map<string, TokenBucket>();

  /** `controller.quota.window.num` times `controller.quota.window.size.seconds`. */
  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** What a client may do now. A strict request is refused row by row when there is nothing left, any other is done and waits. */
  budgetOf(table: QuotaTable, client: QuotaClient | undefined, isStrict: boolean, nowMs: number): MutationBudget {
    const inForce = client && quotaInForce(table, 'controller_mutation_rate', client);
    if (!inForce) return unlimitedBudget;
    const bucket = this.#bucketOf(JSON.stringify([inForce.share.user, inForce.share.clientId]), inForce.limit, nowMs);
    return isStrict ? new StrictBudget(bucket, nowMs) : new PermissiveBudget(bucket, nowMs);
  }

  #bucketOf(share: string, rate: number, nowMs: number): TokenBucket {
    const known = this.#shares.get(share);
    known?.setRate(rate, nowMs);
    if (known) return known;
    const [oldest] = this.#shares.keys();
    if (this.#shares.size >= sharesMax && oldest !== undefined) this.#shares.delete(oldest);
    const bucket = new TokenBucket(rate, this.#windowSeconds, nowMs);
    this.#shares.set(share, bucket);
    return bucket;
  }
}

class StrictBudget implements MutationBudget {
  readonly #bucket: TokenBucket;
  readonly #nowMs: number;
  #hasRefused = false;

  constructor(bucket: TokenBucket, nowMs: number) {
    this.#bucket = bucket;
    this.#nowMs = nowMs;
  }

  take(partitions: number): boolean {
    if (this.#bucket.tokens(this.#nowMs) < 0) {
      this.#hasRefused = true;
      return false;
    }
    this.#bucket.take(partitions, this.#nowMs);
    return true;
  }

  get throttleTimeMs(): number {
    return this.#hasRefused ? this.#bucket.throttleMs(this.#nowMs) : 0;
  }
}

class PermissiveBudget implements MutationBudget {
  readonly #bucket: TokenBucket;
  readonly #nowMs: number;

  constructor(bucket: TokenBucket, nowMs: number) {
    this.#bucket = bucket;
    this.#nowMs = nowMs;
  }

  take(partitions: number): boolean {
    this.#bucket.take(partitions, this.#nowMs);
    return true;
  }

  get throttleTimeMs(): number {
    return this.#bucket.throttleMs(this.#nowMs);
  }
}
