import type { AskedPartition } from './fetch-request.ts';

/** What a fetch says about itself and its partitions. */
export interface SessionTurn {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** All partitions in a full fetch, else those that are new or stand at another offset. */
  readonly partitions: readonly AskedPartition[];
  /** Partitions that are not read any more, or not now. */
  readonly forgotten: readonly ForgottenPartition[];
}

export interface ForgottenPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

interface Sent extends ForgottenPartition {
  readonly offset: number;
  readonly leaderEpoch: number;
}

const initialEpoch = 0;
const epochMax = 0x7fffffff;

/**
 * A fetch session with one broker (KIP-227): after a full fetch only what changed is said, and only partitions with news are
 * answered. A broker that has no room for a session answers with id 0, and gets full fetches.
 */
export class FetchSession {
  #id = 0;
  #epoch = initialEpoch;
  #sent = new Map<string, Sent>();

  /** The next fetch, for all partitions that are to be read now. Its answer is told by `answered`, its failure by `reset`. */
  next(asked: readonly AskedPartition[]): SessionTurn {
    const before = this.#sent;
    const now = new Map<string, Sent>();
    const changed: AskedPartition[] = [];
    for (const each of asked) {
      const { view, source, offset } = each;
      const { partition } = source.feed;
      const leaderEpoch = view.partitions[partition]?.leaderEpoch ?? -1;
      const key = `${view.id} ${view.name} ${partition}`;
      const last = before.get(key);
      const isSame = last !== undefined && last.offset === offset && last.leaderEpoch === leaderEpoch;
      if (!isSame) changed.push(each);
      now.set(key, isSame ? last : { topic: view.name, topicId: view.id, partition, offset, leaderEpoch });
    }
    this.#sent = now;
    const turn = { sessionId: this.#id, sessionEpoch: this.#epoch };
    if (this.#epoch === initialEpoch) return { ...turn, partitions: asked, forgotten: [] };
    const forgotten: Sent[] = [];
    for (const [key, sent] of before) if (!now.has(key)) forgotten.push(sent);
    return { ...turn, partitions: changed, forgotten };
  }

  /** Takes the session id of an answer without an error. */
  answered(sessionId: number): void {
    if (sessionId === 0) this.reset();
    else {
      this.#id = sessionId;
      this.#epoch = this.#epoch === epochMax ? 1 : this.#epoch + 1;
    }
  }

  /** Whether the broker knows of what was said is in doubt: the next fetch says everything, in a new session. */
  reset(): void {
    this.#id = 0;
    this.#epoch = initialEpoch;
    this.#sent = new Map();
  }
}
