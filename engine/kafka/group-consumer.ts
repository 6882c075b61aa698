import type { Consumer } from '@platformatic/kafka';
import type { Cancel } from '../base/clock.ts';
import type { MillraceError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { KafkaConnection } from './connection.ts';
import type { GroupSettings } from './group-settings.ts';
import { groupDefaults } from './group-settings.ts';
import type { CommitTicket } from './in-order-commits.ts';
import { InOrderCommits } from './in-order-commits.ts';
import type { PartitionFeed } from './partition-feed.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import type { ReceivedRecord } from './received-record.ts';

/** A record that was handed out. Its offset can be committed once it and every record before it are settled. */
export interface TakenRecord {
  readonly record: ReceivedRecord;
  /** Call once, when the record is dealt with for good. */
  settle(): void;
}

/** What a group consumer tells its owner. */
export interface GroupListener {
  /** `take` may return something now. */
  readable(): void;
  /** After every join: the partitions that this member reads now. */
  assigned?(partitions: readonly { readonly topic: string; readonly partition: number }[]): void;
  /** Membership is in trouble; the consumer goes on trying. */
  trouble?(error: MillraceError): void;
}

interface Assigned {
  readonly feed: PartitionFeed;
  readonly commits: InOrderCommits;
  inFlight: number;
}

/** A class and not a closure: there are very many of them. Its ticket outlives it, and must not hold the record. */
class HandedOut implements TakenRecord {
  readonly record: ReceivedRecord;
  readonly #ticket: CommitTicket;
  readonly #assigned: Assigned;
  readonly #settled: (assigned: Assigned) => void;

  constructor(record: ReceivedRecord, assigned: Assigned, settled: (assigned: Assigned) => void) {
    this.record = record;
    this.#ticket = assigned.commits.take(record.offset);
    this.#assigned = assigned;
    this.#settled = settled;
  }

  settle(): void {
    if (this.#ticket.settled) return;
    // After the partition was taken away this changes a tracker that nobody commits from any more.
    this.#assigned.commits.settle(this.#ticket);
    this.#settled(this.#assigned);
  }
}

const leaveWaitMsMax = 5_000;

/**
 * A member of a consumer group (classic protocol) that commits what was settled, never what was only fetched. The library gives
 * the membership and the calls; reading and committing follow these rules, each of which was bought with a lost or repeated
 * record: commit once when a rebalance begins, before the join leaves on the same connection; then neither commit nor hand out
 * anything until joined; commit by timer only as an active member; keep the queues of partitions that stay.
 */
export class GroupConsumer {
  readonly settings: GroupSettings;
  readonly #connection: KafkaConnection;
  readonly #listener: GroupListener;
  readonly #group: Consumer<Buffer, Buffer, Buffer, Buffer>;
  readonly #fetcher: PartitionFetcher;
  #assigned = new Map<string, Assigned>();
  #order: Assigned[] = [];
  #next = 0;
  #isJoined = false;
  #isLeader = false;
  #isStopping = false;
  #generation = 0;
  #joinFailures = 0;
  #commitsUnderWay = 0;
  #cancelTimer: Cancel = () => {};
  #cancelWatch: Cancel = () => {};
  #partitions = 0;
  readonly #settled = (assigned: Assigned) => {
    const wasFull = assigned.inFlight >= this.settings.partitionRecordsInFlightMax;
    assigned.inFlight--;
    if (wasFull) this.#readable();
  };

  constructor(
    connection: KafkaConnection,
    settings: Partial<GroupSettings> & Pick<GroupSettings, 'groupId' | 'topics'>,
    listener: GroupListener,
  ) {
    this.settings = { ...groupDefaults, ...settings };
    this.#connection = connection;
    this.#listener = listener;
    this.#fetcher = new PartitionFetcher(connection, this.settings, () => this.#readable());
    const { sessionWaitMsMax, heartbeatIntervalMs, rebalanceWaitMsMax, groupId } = this.settings;
    this.#group = connection.createConsumer(groupId, {
      sessionTimeout: sessionWaitMsMax,
      heartbeatInterval: heartbeatIntervalMs,
      rebalanceTimeout: rebalanceWaitMsMax,
      // JoinGroup is answered only when every member has joined: the request must outlive the rebalance.
      requestTimeout: rebalanceWaitMsMax + 10_000,
    });
  }

  /** Joins the group. Rejects when the cluster, a topic or the group cannot be reached; afterwards it keeps trying by itself. */
  async start(): Promise<void> {
    this.#partitions = await this.#countPartitions();
    this.#group.on('consumer:group:rebalance', () => this.#rebalancing());
    this.#group.on('consumer:group:join', ({ assignments, isLeader }) => {
      this.#isLeader = isLeader === true;
      void this.#joined(assignments ?? []);
    });
    this.#group.on('consumer:heartbeat:error', ({ error }) => this.#trouble(error, 'send a heartbeat'));
    // The library reports a failed rejoin here and then stops beating: joining again is up to us.
    this.#group.on('error', (error) => this.#rejoinLater(error));
    for (const topic of this.settings.topics) this.#group.topics.track(topic);
    try {
      await this.#group.joinGroup({});
    } catch (error) {
      throw this.#connection.error(error, `join group "${this.settings.groupId}"`);
    }
    this.#planCommit();
    this.#watchPartitions();
  }

  /** The next record, partition by partition in turn; undefined when none may be handed out now. */
  take(): TakenRecord | undefined {
    if (!this.#isJoined || this.#isStopping) return undefined;
    const count = this.#order.length;
    for (let tried = 0; tried < count; tried++) {
      const assigned = this.#order[(this.#next + tried) % count]!;
      if (assigned.inFlight >= this.settings.partitionRecordsInFlightMax) continue;
      const record = assigned.feed.take();
      if (!record) continue;
      this.#next = (this.#next + tried + 1) % count;
      if (this.#fetcher.hasRoom(assigned.feed)) this.#fetcher.wake();
      return this.#handOut(assigned, record);
    }
    return undefined;
  }

  /** Records in the assigned partitions that are not taken yet, as far as fetches have told. */
  get lag(): number {
    let lag = 0;
    for (const { feed } of this.#assigned.values()) lag += feed.lag ?? 0;
    return lag;
  }

  /** Records handed out and not settled. */
  get inFlight(): number {
    let inFlight = 0;
    for (const assigned of this.#assigned.values()) inFlight += assigned.inFlight;
    return inFlight;
  }

  get assignment(): readonly { topic: string; partition: number; position: number }[] {
    return this.#order.map(({ feed, commits }) => ({
      topic: feed.topic,
      partition: feed.partition,
      position: commits.position,
    }));
  }

  /** From now on nothing is handed out; records already handed out may still be settled, then `close` commits them. */
  pause(): void {
    this.#isStopping = true;
  }

  /** Commits what is settled, leaves the group and closes the sockets; bounded by a few seconds. */
  async close(): Promise<void> {
    this.#isStopping = true;
    this.#cancelTimer();
    this.#cancelWatch();
    const leave = async () => {
      if (this.#isJoined) await this.#commit();
      this.#isJoined = false;
      await this.#fetcher.close();
      await Promise.resolve(this.#group.leaveGroup(true)).catch(() => {});
    };
    await settledWithin(this.#connection.host.clock, leaveWaitMsMax, leave());
    await this.#fetcher.close();
    await this.#group.close(true).catch(() => {});
  }

  #handOut(assigned: Assigned, record: ReceivedRecord): TakenRecord {
    assigned.inFlight++;
    return new HandedOut(record, assigned, this.#settled);
  }

  #readable(): void {
    if (this.#isJoined && !this.#isStopping) this.#listener.readable();
  }

  #rebalancing(): void {
    if (!this.#isJoined) return;
    this.#isJoined = false;
    // Not asked whether the member is active: the library has cancelled its heartbeat by now and would say no.
    void this.#commit();
  }

  async #joined(assignments: readonly { topic: string; partitions: readonly number[] }[]): Promise<void> {
    this.#joinFailures = 0;
    this.#isJoined = false;
    const generation = ++this.#generation;
    try {
      const wanted = await this.#committedOffsets(assignments);
      if (generation !== this.#generation || this.#group.closed) return;
      this.#take(wanted);
      this.#isJoined = true;
      this.#listener.assigned?.([...wanted.values()].map(({ topic, partition }) => ({ topic, partition })));
      this.#readable();
    } catch (error) {
      if (generation === this.#generation) this.#rejoinLater(error);
    }
  }

  /** The group's committed offset of every assigned partition, or where reading starts when there is none. */
  async #committedOffsets(assignments: readonly { topic: string; partitions: readonly number[] }[]) {
    const wanted = new Map<string, { topic: string; partition: number; offset: number }>();
    if (!assignments.some(({ partitions }) => partitions.length)) return wanted;
    const topics = assignments.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] }));
    const committed = await this.#group.listCommittedOffsets({ topics });
    for (const { topic, partitions } of assignments) {
      const missing = partitions.filter((partition) => (committed.get(topic)?.[partition] ?? -1n) < 0n);
      const timestamp = this.settings.startAt === 'earliest' ? -2 : -1;
      const starts = missing.length
        ? await this.#fetcher.offsetsAt(topic, missing, timestamp)
        : new Map<number, number>();
      for (const partition of partitions) {
        const offset = starts.get(partition) ?? Number(committed.get(topic)![partition]);
        wanted.set(`${topic}-${partition}`, { topic, partition, offset });
      }
    }
    return wanted;
  }

  /** Keeps a partition that stays, when its committed offset is the one that we wrote: then nobody else read it in between. */
  #take(wanted: ReadonlyMap<string, { topic: string; partition: number; offset: number }>): void {
    const kept = new Map<string, Assigned>();
    for (const [key, assigned] of this.#assigned) {
      if (wanted.get(key)?.offset === assigned.commits.committed) kept.set(key, assigned);
      else this.#fetcher.remove(assigned.feed.topic, assigned.feed.partition);
    }
    const now = new Map<string, Assigned>();
    for (const [key, { topic, partition, offset }] of wanted) {
      const stays = kept.get(key);
      now.set(
        key,
        stays ?? {
          feed: this.#fetcher.add(topic, partition, offset),
          commits: new InOrderCommits(offset),
          inFlight: 0,
        },
      );
    }
    this.#assigned = now;
    this.#order = [...now.values()];
    this.#next = 0;
  }

  async #countPartitions(): Promise<number> {
    let count = 0;
    for (const topic of this.settings.topics) count += (await this.#fetcher.partitionsOf(topic)).length;
    return count;
  }

  /** Topics grow: the group's leader, which assigns partitions, looks for new ones and has the group join anew. */
  #watchPartitions(): void {
    const { host, settings } = this.#connection;
    this.#cancelWatch = host.clock.after(settings.metadataMaxAgeMs ?? 300_000, () => {
      void this.#lookForPartitions()
        .catch((error) => this.#trouble(error, 'look for new partitions'))
        .finally(() => {
          if (!this.#isStopping) this.#watchPartitions();
        });
    });
  }

  async #lookForPartitions(): Promise<void> {
    if (!this.#isLeader || !this.#isJoined) return;
    const count = await this.#countPartitions();
    if (count === this.#partitions || !this.#isJoined || this.#isStopping) return;
    this.#partitions = count;
    this.#rebalancing();
    this.#group.clearMetadata();
    await this.#group.joinGroup({}).catch((error) => this.#rejoinLater(error));
  }

  #planCommit(): void {
    this.#cancelTimer = this.#connection.host.clock.after(this.settings.commitIntervalMs, () => {
      if (this.#isJoined && this.#group.isActive() && this.#commitsUnderWay === 0) void this.#commit();
      if (!this.#isStopping || this.inFlight > 0) this.#planCommit();
    });
  }

  /** Sends a commit before it returns: in a rebalance the request must leave ahead of the join on the same connection. */
  #commit(): Promise<void> {
    const dirty: { assigned: Assigned; position: number }[] = [];
    for (const assigned of this.#assigned.values()) {
      // With all settled, offsets behind the last record (markers) count as read, else the lag would never be zero.
      if (assigned.feed.queuedRecords === 0) assigned.commits.skipTo(assigned.feed.fetchOffset);
      if (assigned.commits.isDirty) dirty.push({ assigned, position: assigned.commits.position });
    }
    if (!dirty.length) return Promise.resolve();
    const offsets = dirty.map(({ assigned: { feed }, position }) => ({
      topic: feed.topic,
      partition: feed.partition,
      offset: BigInt(position),
      leaderEpoch: -1,
    }));
    this.#commitsUnderWay++;
    return this.#group
      .commit({ offsets })
      .then(
        () => {
          for (const { assigned, position } of dirty) assigned.commits.acknowledge(position);
        },
        (error) => this.#trouble(error, `commit offsets of group "${this.settings.groupId}"`),
      )
      .finally(() => {
        this.#commitsUnderWay--;
      });
  }

  #rejoinLater(thrown: unknown): void {
    if (this.#isStopping || this.#group.closed) return;
    this.#isJoined = false;
    this.#joinFailures++;
    this.#trouble(thrown, `join group "${this.settings.groupId}"`);
    this.#connection.host.clock.after(this.#connection.backoffMs(this.#joinFailures), () => {
      if (this.#isStopping || this.#group.closed) return;
      this.#group.joinGroup({}).catch((error) => this.#rejoinLater(error));
    });
  }

  #trouble(thrown: unknown, action: string): void {
    if (this.#group.closed) return;
    const error = this.#connection.error(thrown, action);
    this.#connection.host.log.warn('consumer group trouble', {
      group: this.settings.groupId,
      code: error.code,
      error: error.message,
    });
    this.#listener.trouble?.(error);
  }
}
