import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchRequest } from '../../../protocol/schemas/01-fetch.ts';
import type { FetchedRow, FetchTarget, ToldOffsets } from '../../replica/fetch-target.ts';

type AskedPartition = FetchRequest['topics'][number]['partitions'][number];

/** One partition of a session: what the reader asked for last, and what it was told last. */
export class SessionTarget implements FetchTarget {
  topic: string;
  readonly topicId: string;
  readonly partition: number;
  fetchOffset = 0;
  currentLeaderEpoch = -1;
  lastFetchedEpoch = -1;
  logStartOffset = -1;
  maxBytes = 0;
  told: ToldOffsets | undefined;
  #last: ToldOffsets | undefined;

  constructor(topic: string, topicId: string, asked: AskedPartition) {
    this.topic = topic;
    this.topicId = topicId;
    this.partition = asked.partition;
    this.ask(asked);
  }

  ask(asked: AskedPartition): void {
    this.fetchOffset = asked.fetchOffset;
    this.currentLeaderEpoch = asked.currentLeaderEpoch;
    this.lastFetchedEpoch = asked.lastFetchedEpoch;
    this.logStartOffset = asked.logStartOffset;
    this.maxBytes = asked.partitionMaxBytes;
    this.told = undefined;
  }

  /**
   * Whether an incremental response must carry the row: it has records, an error, a divergence or another offset than
   * the reader knows. After an error everything is told again.
   */
  isNews(row: FetchedRow): boolean {
    const { highWatermark, lastStableOffset, logStartOffset } = row;
    const isError = row.errorCode !== errorCode.NONE || row.diverging !== undefined;
    const last = this.#last;
    const moved =
      highWatermark !== last?.highWatermark ||
      lastStableOffset !== last.lastStableOffset ||
      logStartOffset !== last.logStartOffset;
    this.#last = isError ? undefined : { highWatermark, lastStableOffset, logStartOffset };
    this.told = this.#last;
    return row.records.length > 0 || isError || moved || row.preferredReadReplica !== undefined;
  }

  /** What the reader was told did not reach it. */
  tellAgain(): void {
    this.#last = undefined;
    this.told = undefined;
  }
}

/** Names a partition in a session, by its topic's id where versions carry ids. */
export function sessionKey(topic: string, topicId: string, partition: number, usesIds: boolean): string {
  return `${usesIds ? topicId : topic}/${partition}`;
}

/**
 * The partitions that a reader fetches again and again (KIP-227). The map's order is the order of reading: a partition
 * that gave records goes to the end, so that none is starved by the byte limit.
 */
export class FetchSession {
  readonly id: number;
  /** Topic ids (version 13 on) or names: a session keeps to one of them. */
  readonly usesIds: boolean;
  readonly isFollower: boolean;
  readonly targets: Map<string, SessionTarget>;
  nextEpoch = 1;
  /** Targets whose topic id was unknown when they were asked for. */
  hasUnnamed = false;
  lastUsedMs: number;

  constructor(options: {
    readonly id: number;
    readonly usesIds: boolean;
    readonly isFollower: boolean;
    readonly targets: Map<string, SessionTarget>;
    readonly nowMs: number;
  }) {
    this.id = options.id;
    this.usesIds = options.usesIds;
    this.isFollower = options.isFollower;
    this.targets = options.targets;
    this.lastUsedMs = options.nowMs;
  }

  /** Epochs go from 1 to the largest int32 and round to 1 again. */
  advanceEpoch(): void {
    this.nextEpoch = this.nextEpoch === 0x7fffffff ? 1 : this.nextEpoch + 1;
  }

  /** Adds, changes and forgets what the request names. */
  update(request: FetchRequest, nameOf: (topicId: string) => string): void {
    for (const { topic, topicId, partitions } of request.forgottenTopicsData)
      for (const partition of partitions) this.targets.delete(sessionKey(topic, topicId, partition, this.usesIds));
    addTargets(this.targets, request, this.usesIds, nameOf);
    if (this.usesIds) this.#nameTargets(request, nameOf);
  }

  #nameTargets(request: FetchRequest, nameOf: (topicId: string) => string): void {
    if (!this.hasUnnamed && request.topics.every(({ topicId }) => nameOf(topicId) !== '')) return;
    this.hasUnnamed = false;
    for (const target of this.targets.values()) {
      if (target.topic === '') target.topic = nameOf(target.topicId);
      if (target.topic === '') this.hasUnnamed = true;
    }
  }

  /** The rows that the reader has to hear of, and the new reading order. */
  newsOf(rows: readonly FetchedRow[]): FetchedRow[] {
    const news: FetchedRow[] = [];
    for (const row of rows) {
      const target = row.target as SessionTarget;
      if (!target.isNews(row)) continue;
      news.push(row);
      if (row.records.length > 0) this.#moveToEnd(target);
    }
    return news;
  }

  /** The last answer was not sent: everything is news again. */
  tellAgain(): void {
    for (const target of this.targets.values()) target.tellAgain();
  }

  #moveToEnd(target: SessionTarget): void {
    const key = sessionKey(target.topic, target.topicId, target.partition, this.usesIds);
    if (this.targets.get(key) !== target) return;
    this.targets.delete(key);
    this.targets.set(key, target);
  }
}

/** Takes the partitions of a request into `targets`, changing those that are there. */
export function addTargets(
  targets: Map<string, SessionTarget>,
  request: FetchRequest,
  usesIds: boolean,
  nameOf: (topicId: string) => string,
): void {
  for (const { topic, topicId, partitions } of request.topics) {
    const name = usesIds ? nameOf(topicId) : topic;
    for (const asked of partitions) {
      const key = sessionKey(name, topicId, asked.partition, usesIds);
      const known = targets.get(key);
      if (known) known.ask(asked);
      else targets.set(key, new SessionTarget(name, topicId, asked));
    }
  }
}
