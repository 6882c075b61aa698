import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchResponse, fetchRequest } from '../../../protocol/schemas/01-fetch.ts';
import type { FetchTarget } from '../fetch-target.ts';

export type FetchInput = MessageInput<typeof fetchRequest>;
/** The part of a fetch request that depends on the session. */
export type SessionPart = Required<Pick<FetchInput, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'>>;
/** Names a partition that leaves the session. */
export type ForgottenTarget = Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>;

const epochMax = 0x7fffffff;
/** Opens a session with a full request. */
const initialEpoch = 0;
/** Asks without a session. */
export const sessionlessEpoch = -1;

/** A follower's end of a fetch session (KIP-227): after the first request only what changed is sent. */
export class FetcherSession {
  #sessionId = 0;
  #nextEpoch = initialEpoch;

  /** The leader keeps nothing: the next request has to name every partition. */
  get isFull(): boolean {
    return this.#nextEpoch === initialEpoch;
  }

  /** The next request: with a full one `changed` is everything and `forgotten` nothing. */
  build(changed: readonly FetchTarget[], forgotten: readonly ForgottenTarget[]): SessionPart {
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
  }
}

function byTopic<T extends ForgottenTarget, R>(targets: readonly T[], row: (target: T) => R) {
  const topics = new Map<string, { topic: string; topicId: string; partitions: R[] }>();
  for (const target of targets) {
    const known = topics.get(target.topicId);
    if (known) known.partitions.push(row(target));
    else topics.set(target.topicId, { topic: target.topic, topicId: target.topicId, partitions: [row(target)] });
  }
  return [...topics.values()];
}
