import type { Cancel, Clock } from '../../base/clock.ts';
import type { MetadataCache } from '../wire/metadata-cache.ts';
import type { ProduceGroup } from './produce-request.ts';

/** An answer that takes longer than this makes us look whether the leader is another by now. */
const slowAnswerMs = 2_000;
const slowCheckMs = 500;

/** A request without an answer. */
export interface OpenRequest {
  readonly group: ProduceGroup;
  readonly sentAt: number;
  /** Gives up waiting: the batches then go to the leaders that there are. */
  readonly giveUp: AbortController;
}

/** Requests that wait for their answers: gives up those whose partitions are led by another broker now, or are gone. */
export class OpenRequests {
  readonly #clock: Clock;
  readonly #metadata: MetadataCache;
  /** Only an idempotent producer may send again what may be written already. */
  readonly #mayGiveUp: boolean;
  readonly #open = new Set<OpenRequest>();
  #stopSlowCheck: Cancel | undefined;

  constructor(clock: Clock, metadata: MetadataCache, mayGiveUp: boolean) {
    this.#clock = clock;
    this.#metadata = metadata;
    this.#mayGiveUp = mayGiveUp;
  }

  add(group: ProduceGroup): OpenRequest {
    const request = { group, sentAt: this.#clock.monotonic(), giveUp: new AbortController() };
    this.#open.add(request);
    this.#watchSlow();
    return request;
  }

  /** It was answered, or never will be. */
  remove(request: OpenRequest): void {
    this.#open.delete(request);
  }

  /** Call it after each change of the metadata: a leader that was cut off or is frozen may never answer. */
  leadersChanged(): void {
    if (!this.#mayGiveUp) return;
    for (const { group, giveUp } of this.#open) {
      const hasMoved = group.lanes.some(({ topic, partition, triedEpoch, isGone }) => {
        const now = this.#metadata.topic(topic)?.partitions[partition];
        return isGone || (now && now.leader >= 0 && now.leader !== group.leader && now.leaderEpoch > triedEpoch);
      });
      if (hasMoved) giveUp.abort();
    }
  }

  close(): void {
    this.#open.clear();
    this.#stopSlowCheck?.();
  }

  /** While an answer is slow the metadata is asked for again and again: its leader may be another. */
  #watchSlow(): void {
    if (!this.#mayGiveUp) return;
    this.#stopSlowCheck ??= this.#clock.after(slowCheckMs, () => {
      this.#stopSlowCheck = undefined;
      if (this.#open.size === 0) return;
      const now = this.#clock.monotonic();
      for (const { group, sentAt } of this.#open)
        if (now - sentAt >= slowAnswerMs) this.#metadata.stale(`broker ${group.leader} is slow to answer`);
      this.#watchSlow();
    });
  }
}
