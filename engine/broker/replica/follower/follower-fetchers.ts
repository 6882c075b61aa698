import type { Partition } from '../partition.ts';
import type { FollowerFetcherOptions } from './follower-fetcher.ts';
import { FollowerFetcher } from './follower-fetcher.ts';

/** One fetch loop per leader, and which partition is in which. */
export class FollowerFetchers {
  readonly #options: Omit<FollowerFetcherOptions, 'leaderId'>;
  readonly #fetchers = new Map<number, FollowerFetcher>();
  readonly #leaders = new Map<Partition, number>();

  constructor(options: Omit<FollowerFetcherOptions, 'leaderId'>) {
    this.#options = options;
  }

  /** Fetches the partition from `leaderId` in its present epoch; from nobody when that is -1. */
  follow(partition: Partition, leaderId: number): void {
    this.unfollow(partition);
    if (leaderId === -1) return;
    let fetcher = this.#fetchers.get(leaderId);
    if (!fetcher) {
      fetcher = new FollowerFetcher({ ...this.#options, leaderId });
      this.#fetchers.set(leaderId, fetcher);
    }
    this.#leaders.set(partition, leaderId);
    fetcher.add(partition);
  }

  unfollow(partition: Partition): void {
    const leaderId = this.#leaders.get(partition);
    if (leaderId === undefined) return;
    this.#leaders.delete(partition);
    this.#fetchers.get(leaderId)?.remove(partition);
  }

  stop(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.stop();
    this.#fetchers.clear();
    this.#leaders.clear();
  }
}
