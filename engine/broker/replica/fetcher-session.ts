import { errorCode } from '../protocol/error-codes.ts';
import type { MessageInput } from '../protocol/schema.ts';
import type { FetchResponse, fetchRequest } from '../protocol/schemas/01-fetch.ts';
import type { FetchTarget } from './fetch-target.ts';

export type FetchInput = MessageInput<typeof fetchRequest>;
/** The part of a fetch request that depends on the session. */
export type SessionPart = Required<Pick<FetchInput, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'>>;

const epochMax = 0x7fffffff;
/** Opens a session with a full request. */
const initialEpoch = 0;
/** Asks without a session. */
export const sessionlessEpoch = -1;

/** A follower's end of a fetch session (KIP-227): after the first request only what changed is sent. */
export class FetcherSession {
  #sessionId = 0;
  #nextEpoch = initialEpoch;
  #sent = new Map<string, FetchTarget>();

  /** The request that makes the session hold exactly `wanted`. */
  build(wanted: readonly FetchTarget[]): SessionPart {
    const isFull = this.#nextEpoch === initialEpoch;
    const next = new Map<string, FetchTarget>();
    const changed: FetchTarget[] = [];
    for (const target of wanted) {
      const key = `${target.topicId}-${target.partition}`;
      const before = this.#sent.get(key);
      next.set(key, target);
      if (isFull || !before || !isSame(before, target)) changed.push(target);
    }
    const forgotten = isFull ? [] : [...this.#sent].filter(([key]) => !next.has(key)).map(([, target]) => target);
    this.#sent = next;
    return {
      sessionId: this.#sessionId,
      sessionEpoch: this.#nextEpoch,
      topics: byTopic(changed, (target) => ({
        partition: target.partition,
        currentLeaderEpoch: target.currentLeaderEpoch,
        fetchOffset: target.fetchOffset,
        lastFetchedEpoch: target.lastFetchedEpoch,
        logStartOffset: target.logStartOffset,
        partitionMaxBytes: target.maxBytes,
      })),
      forgottenTopicsData: byTopic(forgotten, (target) => target.partition),
    };
  }

  /** Takes note of a response; false when it refused the session, and the next request opens a new one. */
  accept(response: FetchResponse): boolean {
    if (response.errorCode !== errorCode.NONE) {
      this.reset();
      return false;
    }
    if (response.sessionId === 0) {
      this.reset();
    } else {
      this.#sessionId = response.sessionId;
      this.#nextEpoch = this.#nextEpoch >= epochMax ? 1 : this.#nextEpoch + 1;
    }
    return true;
  }

  /** Forgets the session: the next request is a full one. */
  reset(): void {
    this.#sessionId = 0;
    this.#nextEpoch = initialEpoch;
    this.#sent.clear();
  }
}

function isSame(a: FetchTarget, b: FetchTarget): boolean {
  return (
    a.fetchOffset === b.fetchOffset &&
    a.currentLeaderEpoch === b.currentLeaderEpoch &&
    a.lastFetchedEpoch === b.lastFetchedEpoch &&
    a.logStartOffset === b.logStartOffset &&
    a.maxBytes === b.maxBytes
  );
}

function byTopic<T>(targets: readonly FetchTarget[], row: (target: FetchTarget) => T) {
  const topics: { topic: string; topicId: string; partitions: T[] }[] = [];
  const byId = new Map<string, T[]>();
  for (const target of targets) {
    let partitions = byId.get(target.topicId);
    if (!partitions) {
      partitions = [];
      byId.set(target.topicId, partitions);
      topics.push({ topic: target.topic, topicId: target.topicId, partitions });
    }
    partitions.push(row(target));
  }
  return topics;
}
