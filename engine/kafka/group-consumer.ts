import type { Cancel } from '../base/clock.ts';
import { MillraceError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { KafkaConnection } from './connection.ts';
import { partitionKey } from './consumer/list-offsets.ts';
import type { PartitionFeed } from './consumer/partition-feed.ts';
import { closed, pause } from './consumer/while-it-helps.ts';
import type { GroupSettings } from './group-settings.ts';
import { groupDefaults } from './group-settings.ts';
import type { TakenRecord } from './groups/assigned-partition.ts';
import { AssignedPartition } from './groups/assigned-partition.ts';
import { assignors } from './groups/assignors.ts';
import { ClassicMember } from './groups/classic-member.ts';
import { ConsumerMember } from './groups/consumer-member.ts';
import { GroupCommits, membershipErrors } from './groups/group-commits.ts';
import type { GroupMember, MemberOwner } from './groups/group-member.ts';
import type { OffsetToCommit } from './groups/group-offsets.ts';
import { GroupOffsets } from './groups/group-offsets.ts';
import type { StartingOffset } from './groups/starting-offsets.ts';
import { startingOffsets } from './groups/starting-offsets.ts';
import { SubscribedTopics } from './groups/subscribed-topics.ts';
import type { TopicPartition } from './groups/subscription.ts';
import { TopicWatch } from './groups/topic-watch.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import type { GroupMembership } from './producer/transaction-calls.ts';
import { ClusterClient } from './wire/cluster-client.ts';

export type { TakenRecord } from './groups/assigned-partition.ts';

/** What a group consumer tells its owner. */
export interface GroupListener {
  /** `take` may return something now. */
  readable(): void;
  /** Before records of a new assignment are handed out: all partitions that this member reads now. Waited for (restore here). */
  assigned?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** Before partitions are given up: nothing more of them is handed out; what is settled now is still committed. Waited for. */
  revoked?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** Membership, a topic or a partition is in trouble; the consumer goes on trying, and with the rest. */
  trouble?(error: MillraceError): void;
  /** The consumer is dead: a refusal that no retry mends, or a bug. Without a listener it is thrown where nobody catches it. */
  failed?(error: unknown): void;
}

const leaveWaitMsMax = 5_000;
/** A commit before a rebalance holds up the whole group: no longer than this. */
const commitWaitMsMax = 5_000;

/**
 * A member of a consumer group that commits what was settled, never what was only fetched. Its rules, each of which was bought
 * with a lost or repeated record: commit once when a rebalance begins, before the join leaves; then neither commit nor hand out
 * anything until joined (of partitions that are given up, when the assignors are cooperative); commit by timer only as a member;
 * keep the queues of partitions that stay; a position that was found by reset is committed too; a commit that a rebalance
 * refuses sets off no further one.
 */
export class GroupConsumer {
  readonly settings: GroupSettings;
  readonly #connection: KafkaConnection;
  readonly #listener: GroupListener;
  readonly #client: ClusterClient;
  readonly #fetcher: PartitionFetcher;
  readonly #member: GroupMember;
  readonly #offsets: GroupOffsets;
  readonly #commits: GroupCommits;
  readonly #topics: SubscribedTopics;
  readonly #watch: TopicWatch;
  readonly #isCooperative: boolean;
  readonly #abort = new AbortController();
  #assigned = new Map<string, AssignedPartition>();
  #order: AssignedPartition[] = [];
  #next = 0;
  /** Of the generation whose partitions are being placed; a rebalance makes another. */
  #round = 0;
  #isJoined = false;
  #isLost = false;
  #isPaused = false;
  #restoring: Promise<void> = Promise.resolve();
  /** In this rebalance the partitions have been given up already; a second try of the join finds nothing to give up. */
  #isGivenUp = false;
  #cancelTimer: Cancel = () => {};
  #starting: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  readonly #settled = (assigned: AssignedPartition) => {
    assigned.inFlight--;
    if (!assigned.isWaiting || this.#isFull(assigned)) return;
    assigned.isWaiting = false;
    this.#readable();
  };

  constructor(
    connection: KafkaConnection,
    settings: Partial<GroupSettings> & Pick<GroupSettings, 'groupId' | 'topics'>,
    listener: GroupListener,
  ) {
    this.settings = { ...groupDefaults, ...settings };
    this.#connection = connection;
    this.#listener = listener;
    const { groupId, groupInstanceId } = this.settings;
    const chosen = this.settings.assignors.map((name) => assignors[name]);
    const isServed = this.settings.groupProtocol === 'consumer';
    this.#isCooperative = isServed || chosen.every(({ isCooperative }) => isCooperative);
    this.#client = new ClusterClient(connection);
    this.#topics = new SubscribedTopics(connection, this.#client, this.settings, this.#abort.signal);
    this.#offsets = new GroupOffsets(this.#client, groupId, groupInstanceId ?? null);
    this.#commits = new GroupCommits(this.#offsets, this.settings.commits === 'timer', {
      membership: () => this.#member.membership,
      refused: (code) => this.#member.refused(code),
      trouble: (error) => this.#trouble(error, `commit offsets of group "${groupId}"`),
      failed: (error) => this.#fail(error),
    });
    this.#fetcher = new PartitionFetcher(connection, this.settings, () => this.#readable(), {
      client: this.#client,
      listener: {
        moved: (feed) => this.#moved(feed),
        trouble: (error) => this.#listener.trouble?.(error),
        failed: (error) => this.#fail(error),
      },
    });
    const owner: MemberOwner = {
      subscription: () => ({ topics: this.#topics.names, owned: this.#owned() }),
      beforeJoin: () => this.#beforeJoin(),
      joined: (partitions) => this.#joined(partitions),
      lost: () => this.#lost(),
      partitionCounts: (topics) => this.#topics.count(topics),
      trouble: (error, action) => this.#trouble(error, action),
      failed: (error) => this.#fail(error),
    };
    this.#member = isServed
      ? new ConsumerMember(connection, this.#client, this.settings, owner)
      : new ClassicMember(connection, this.#client, { ...this.settings, assignors: chosen }, owner);
    this.#watch = new TopicWatch(connection, this.#client, this.#topics, this.#member, (error, action) =>
      this.#trouble(error, action),
    );
  }

  /**
   * Joins the group. Resolves when its partitions are known and where reading starts, or after `startWaitMsMax`, which is
   * logged; it then goes on by itself. Rejects when the cluster, a topic or the group cannot be reached or refuses.
   */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { groupId, startWaitMsMax } = this.settings;
    await this.#topics.start();
    if (this.#isClosed) throw closed(this.#connection, `join group "${groupId}"`);
    const { clock, log } = this.#connection.host;
    const started = new Promise<void>((resolve, reject) => {
      this.#starting = { resolve, reject };
    });
    const cancel = clock.after(startWaitMsMax, () => {
      log.warn('the group has not assigned partitions yet, still waiting', {
        group: groupId,
        waitedMs: startWaitMsMax,
      });
      this.#starting?.resolve();
    });
    this.#member.start();
    this.#planCommit();
    this.#watch.start();
    await started.finally(() => {
      cancel();
      this.#starting = undefined;
    });
  }

  /** The next record, partition by partition in turn; undefined when none may be handed out now. */
  take(): TakenRecord | undefined {
    if (!this.#isJoined || this.#isPaused) return undefined;
    const count = this.#order.length;
    for (let tried = 0; tried < count; tried++) {
      const assigned = this.#order[(this.#next + tried) % count]!;
      if (assigned.isHeld) continue;
      if (this.#isFull(assigned)) {
        assigned.isWaiting = true;
        continue;
      }
      const taken = assigned.take(this.#settled);
      if (!taken) continue;
      this.#next = (this.#next + tried + 1) % count;
      this.#fetcher.taken(assigned.feed);
      return taken;
    }
    return undefined;
  }

  /** Records in the assigned partitions that are not taken yet, as far as fetches have told. */
  get lag(): number {
    let lag = 0;
    for (const { feed } of this.#assigned.values()) lag += feed.lag ?? 0;
    return lag;
  }

  /** A member whose partitions are all read. While it is none, records may wait that nothing here tells of. */
  get isReading(): boolean {
    return this.#isJoined && this.#member.isStable && this.#order.every(({ isHeld }) => !isHeld);
  }

  /** Records handed out and not settled. */
  get inFlight(): number {
    let inFlight = 0;
    for (const assigned of this.#assigned.values()) inFlight += assigned.inFlight;
    return inFlight;
  }

  /** For `TransactionalProducer.sendOffsets`: who we are, undefined while we are no member. */
  get group(): GroupMembership | undefined {
    const { groupId, groupInstanceId } = this.settings;
    const { membership } = this.#member;
    return membership && { groupId, groupInstanceId, ...membership };
  }

  /** With `commits: 'transactions'`: what is settled and not committed. Tell by `committed` when it is. */
  offsetsToCommit(): OffsetToCommit[] {
    return this.#commits.due(this.#order);
  }

  committed(offsets: readonly OffsetToCommit[]): void {
    for (const { topic, partition, offset } of offsets)
      this.#assigned.get(partitionKey(topic, partition))?.commits.acknowledge(offset);
  }

  /**
   * After an aborted transaction: reads on from what is committed, else from where it began. What was handed out since is handed out
   * again.
   */
  rewind(): void {
    for (const [key, assigned] of this.#assigned) this.#assigned.set(key, assigned.rewound());
    this.#order = [...this.#assigned.values()];
    this.#fetcher.wake();
  }

  get assignment(): readonly (TopicPartition & { position: number })[] {
    return this.#order.map(({ feed, commits }) => ({
      topic: feed.topic,
      partition: feed.partition,
      position: commits.position,
    }));
  }

  /** From now on nothing is handed out; records already handed out may still be settled, then `close` commits them. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Commits what is settled, leaves the group (a static member stays) and closes the sockets; bounded by a few seconds. */
  async close(): Promise<void> {
    this.#isPaused = true;
    this.#round++;
    this.#stopWatching();
    this.#starting?.reject(closed(this.#connection, `join group "${this.settings.groupId}"`));
    const leave = async () => {
      if (!this.#isClosed && this.#order.length) {
        await this.#listener.revoked?.(this.#partitions());
        await this.#commitBeforeLoss(this.#order);
      }
      this.#isJoined = false;
      await this.#member.close().catch(() => {});
    };
    await settledWithin(this.#connection.host.clock, leaveWaitMsMax, leave());
    this.#abort.abort();
    await this.#fetcher.close();
    await this.#client.close();
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  #partitions(): TopicPartition[] {
    return this.#order.map(({ feed: { topic, partition } }) => ({ topic, partition }));
  }

  #owned(): TopicPartition[] {
    return this.#isCooperative && !this.#isLost ? this.#partitions() : [];
  }

  #isFull(assigned: AssignedPartition): boolean {
    const { partitionRecordsInFlightMax, partitionRecordsPendingMax } = this.settings;
    if (assigned.inFlight >= partitionRecordsInFlightMax) return true;
    if (assigned.commits.pending < partitionRecordsPendingMax) return false;
    assigned.tellStuck(this.#connection.host.log);
    return true;
  }

  #readable(): void {
    if (this.#isJoined && !this.#isPaused) this.#listener.readable();
  }

  async #beforeJoin(): Promise<void> {
    this.#round++;
    await this.#restoring.catch(() => {});
    if (this.#isGivenUp || !this.#order.length || (this.#isCooperative && !this.#isLost)) return;
    this.#isGivenUp = true;
    this.#isJoined = false;
    for (const assigned of this.#order) assigned.isHeld = true;
    if (this.#isLost) return;
    await this.#listener.revoked?.(this.#partitions());
    await settledWithin(this.#connection.host.clock, commitWaitMsMax, this.#commitBeforeLoss(this.#order));
  }

  /** Gives up what is not ours any more; what is new is placed without holding up heartbeats or the next rebalance. */
  async #joined(partitions: readonly TopicPartition[]): Promise<boolean> {
    const round = ++this.#round;
    await this.#restoring.catch(() => {});
    // Lost meanwhile, or joined anew: that decides.
    if (round !== this.#round) return false;
    const wasLost = this.#isLost;
    this.#isLost = false;
    this.#isGivenUp = false;
    const wanted = new Set(partitions.map(({ topic, partition }) => partitionKey(topic, partition)));
    const gone = [...this.#assigned].filter(([key]) => !wanted.has(key));
    if (this.#isCooperative && !wasLost) {
      await this.#giveUp(gone.map(([, assigned]) => assigned));
      const isPlaced = (key: string) => this.#assigned.get(key)?.isHeld === false;
      const added = partitions.filter(({ topic, partition }) => !isPlaced(partitionKey(topic, partition)));
      void this.#place(added, round);
      return gone.length > 0;
    }
    this.#drop(gone.map(([, assigned]) => assigned));
    void this.#place(partitions, round);
    return false;
  }

  async #giveUp(gone: readonly AssignedPartition[]): Promise<void> {
    if (!gone.length) return;
    for (const assigned of gone) assigned.isHeld = true;
    await this.#listener.revoked?.(gone.map(({ feed: { topic, partition } }) => ({ topic, partition })));
    await settledWithin(this.#connection.host.clock, commitWaitMsMax, this.#commitBeforeLoss(gone));
    this.#drop(gone);
  }

  /** With an epoch that was overtaken by one that the next beat tells, a commit is made again. */
  async #commitBeforeLoss(partitions: readonly AssignedPartition[]): Promise<void> {
    for (let attempt = 1; attempt <= staleCommitsMax; attempt++) {
      if (await this.#commits.commit(partitions)) return;
      await pause(this.#connection, this.#connection.backoffMs(attempt), this.#abort.signal);
    }
  }

  #drop(gone: readonly AssignedPartition[]): void {
    for (const { feed } of gone) {
      this.#fetcher.remove(feed.topic, feed.partition);
      this.#assigned.delete(partitionKey(feed.topic, feed.partition));
    }
    this.#order = [...this.#assigned.values()];
    this.#next = 0;
  }

  /** Finds where reading starts, again and again for partitions that do not tell, and begins there. */
  async #place(partitions: readonly TopicPartition[], round: number): Promise<void> {
    const isOver = () => round !== this.#round || this.#isClosed;
    const rules = {
      ...this.settings,
      isNew: (topic: string, partition: number) => this.#topics.isNew(topic, partition),
    };
    let open = partitions;
    for (let attempt = 1; ; attempt++) {
      try {
        const { found, failed } = await startingOffsets(this.#client, this.#offsets, open, rules);
        if (isOver()) return;
        await this.#begin(found, isOver);
        if (isOver() || !failed.length) return;
        if (attempt === troubleAfterAttempts) this.#trouble(failed[0]!.error, placeAction(failed[0]!));
        open = failed;
      } catch (error) {
        if (isOver()) return;
        if (!(error instanceof MillraceError)) return this.#fail(error);
        this.#refused(errorCodeOf(error));
        if (attempt >= troubleAfterAttempts) this.#trouble(error, `find offsets of group "${this.settings.groupId}"`);
      }
      await pause(this.#connection, this.#connection.backoffMs(attempt), this.#abort.signal);
      if (isOver()) return;
    }
  }

  /** Keeps a partition that stays, when its committed offset is the one that we wrote: then nobody else read it in between. */
  async #begin(found: readonly StartingOffset[], isOver: () => boolean): Promise<void> {
    const placed = found.map(({ topic, partition, offset, committed }) => {
      const before = this.#assigned.get(partitionKey(topic, partition));
      if (before?.commits.isOurs(committed)) {
        if (committed !== undefined) before.commits.acknowledge(committed);
        return before;
      }
      return new AssignedPartition(this.#fetcher.add(topic, partition, offset), committed);
    });
    for (const assigned of placed) {
      assigned.isHeld = true;
      this.#assigned.set(partitionKey(assigned.feed.topic, assigned.feed.partition), assigned);
    }
    this.#order = [...this.#assigned.values()];
    this.#next = 0;
    if (this.#listener.assigned) {
      this.#restoring = Promise.resolve(this.#listener.assigned(this.#partitions()));
      await this.#restoring;
      if (isOver()) return;
    }
    for (const assigned of placed) assigned.isHeld = false;
    this.#isJoined = true;
    this.#starting?.resolve();
    this.#watch.look();
    this.#readable();
  }

  /** We are no member any more: others may read our partitions, so nothing is handed out until we have joined again. */
  #lost(): void {
    this.#round++;
    this.#isLost = true;
    this.#isJoined = false;
    for (const assigned of this.#order) assigned.isHeld = true;
  }

  /** The partition has another history from here on (cut back, or its topic made anew): so have its commits. */
  #moved(feed: PartitionFeed): void {
    const key = partitionKey(feed.topic, feed.partition);
    const before = this.#assigned.get(key);
    if (before?.feed !== feed) return;
    const after = new AssignedPartition(feed, undefined);
    after.isHeld = before.isHeld;
    this.#assigned.set(key, after);
    this.#order = [...this.#assigned.values()];
  }

  #stopWatching(): void {
    this.#cancelTimer();
    this.#watch.stop();
  }

  #planCommit(): void {
    this.#cancelTimer = this.#connection.host.clock.after(this.settings.commitIntervalMs, () => {
      if (this.#isJoined && !this.#commits.isUnderWay) void this.#commits.commit(this.#order);
      this.#planCommit();
    });
  }

  #refused(code: number | undefined): void {
    if (code !== undefined && membershipErrors.has(code)) this.#member.refused(code);
  }

  #trouble(thrown: unknown, action: string): void {
    if (this.#isClosed) return;
    const error = this.#connection.error(thrown, action);
    this.#connection.host.log.warn('consumer group trouble', {
      group: this.settings.groupId,
      code: error.code,
      error: error.message,
    });
    this.#listener.trouble?.(error);
  }

  /** Ends the consumer visibly: in `start` while that waits, else to the listener, else as an error that nobody catches. */
  #fail(thrown: unknown): void {
    if (this.#isClosed) return;
    const error = thrown instanceof MillraceError ? this.#connection.error(thrown, this.#joinAction) : thrown;
    const { clock, log } = this.#connection.host;
    this.#isPaused = true;
    this.#isJoined = false;
    this.#stopWatching();
    this.#abort.abort();
    // Others may have our partitions at once.
    void this.#member.close().catch(() => {});
    if (this.#starting) {
      this.#starting.reject(error);
      return;
    }
    log.error('the consumer has failed for good', { group: this.settings.groupId, error: String(error) });
    const { failed } = this.#listener;
    if (failed) failed.call(this.#listener, error);
    else
      clock.soon(() => {
        throw error;
      });
  }

  get #joinAction(): string {
    return `read as a member of group "${this.settings.groupId}"`;
  }
}

/** Tries that may fail before it is told. */
const troubleAfterAttempts = 5;
const staleCommitsMax = 5;

function errorCodeOf({ details }: MillraceError): number | undefined {
  const name = details.protocolError;
  return typeof name === 'string' ? (errorCode as Record<string, number>)[name] : undefined;
}

function placeAction({ topic, partition }: TopicPartition): string {
  return `find the offset of partition ${partition} of topic "${topic}"`;
}
