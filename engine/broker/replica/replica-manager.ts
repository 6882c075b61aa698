import type { Result } from '../../base/result.ts';
import { refused } from '../../base/result.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { InflationGate } from '../log/checks/inflation-gate.ts';
import type { CleanerStatus } from '../log/cleaning/log-cleaner.ts';
import type { VerificationGuard } from '../log/partition-log.ts';
import type { AppendOptions, AppendReply } from './append/append-reply.ts';
import { refusedAppend } from './append/append-reply.ts';
import { appendAsLeader, appendProduced } from './append/leader-append.ts';
import { Assignments } from './assignments.ts';
import type { DiskState } from './disk-state.ts';
import type { FetchedRow, FetchOptions, FetchTarget } from './fetch-target.ts';
import type { FetchFrom } from './follower/follower-fetcher.ts';
import { FollowerFetchers } from './follower/follower-fetchers.ts';
import type { HostedPartitionsOptions } from './hosting/hosted-partitions.ts';
import { HostedPartitions } from './hosting/hosted-partitions.ts';
import type { AlterPartition } from './in-sync/isr-changes.ts';
import { IsrChanges } from './in-sync/isr-changes.ts';
import type { BrokerState } from './in-sync/isr-policy.ts';
import { checkLeaderEpoch } from './leader-epoch-check.ts';
import type { LeadershipListener } from './leadership-listeners.ts';
import type { Partition } from './partition.ts';
import type { PartitionAssignment } from './partition-assignment.ts';
import type { PartitionStatus } from './partition-status.ts';
import { statusOf } from './partition-status.ts';
import type { CommittedRead, ReadRefusal } from './read/committed-read.ts';
import { readCommitted, whenElectionCommitted } from './read/committed-read.ts';
import { Reader } from './read/reader.ts';
import type { ReplicaSettings } from './replica-settings.ts';
import type { ReplicationThrottles } from './replication-throttle.ts';
import { noThrottles } from './replication-throttle.ts';
import { TopicTraffics } from './topic-traffic.ts';
import { Upkeep } from './upkeep.ts';
import { FetchWaits } from './waits/fetch-waits.ts';

/** How long acks=all waits for the replicas when the caller names no time, in ms. */
const appendTimeoutMs = 5_000;

/**
 * `dataFolder` holds the partition folders and the checkpoints; `cleanShutdown`: the broker stopped in order last time, so
 * its logs need no recovery.
 */
export interface ReplicaManagerOptions extends HostedPartitionsOptions {
  readonly brokerId: number;
  readonly settings: ReplicaSettings;
  /** This broker's registration epoch; -1 before it is registered. */
  readonly brokerEpoch: () => number;
  /** A broker as the committed metadata knows it. */
  readonly brokerState: (brokerId: number) => BrokerState | undefined;
  /** Sends Fetch to another broker, at the newest version; rejects when there is no answer. */
  readonly fetchFrom: FetchFrom;
  /** Holds back replicas that catch up; nobody without it. */
  readonly throttles?: ReplicationThrottles;
  /** Sends AlterPartition to the active controller. */
  readonly alterPartition: AlterPartition;
}

/** What an append of a coordinator says of transactions. */
export type InternalAppend = Pick<AppendOptions, 'verification' | 'transactionVersion'>;

/**
 * All replicas of this broker: the door to them. Single-threaded and synchronous except where replicas or data are waited for.
 */
export class ReplicaManager {
  readonly #hosted: HostedPartitions;
  readonly #waits: FetchWaits;
  readonly #isrChanges: IsrChanges;
  readonly #fetchers: FollowerFetchers;
  readonly #assignments: Assignments;
  readonly #reader: Reader;
  readonly #upkeep: Upkeep;
  /** What goes through topics here. */
  readonly traffic = new TopicTraffics();
  #isStopped = false;

  constructor(options: ReplicaManagerOptions) {
    const { brokerId: localId, clock, brokerEpoch, brokerState, settings, alterPartition, fetchFrom } = options;
    const { leader, follower: throttle } = options.throttles ?? noThrottles;
    const log = options.log.with({ module: 'replica' });
    const hosted = new HostedPartitions(options);
    const isrChanges = new IsrChanges({ localId, clock, log, brokerEpoch, brokerState, alterPartition });
    const fetchers = new FollowerFetchers({ localId, brokerEpoch, clock, log, settings, fetchFrom, throttle });
    const waits = new FetchWaits(clock);
    const host = {
      localId,
      clock,
      log,
      lagTimeMaxMs: settings.replicaLagTimeMaxMs,
      inflations: new InflationGate(clock),
      diskState: hosted.diskState,
      brokerState,
      trafficOf: (topic: string) => this.traffic.of(topic),
      moved: waits.moved.bind(waits),
      isrProposed: isrChanges.propose.bind(isrChanges),
    };
    this.#hosted = hosted;
    this.#waits = waits;
    this.#isrChanges = isrChanges;
    this.#fetchers = fetchers;
    this.#assignments = new Assignments({ localId, hosted, host, fetchers, log: options.log });
    this.#reader = new Reader(hosted.table, waits, leader);
    this.#upkeep = new Upkeep({ hosted, settings, clock, log: options.log });
  }

  /** Reads the checkpoints and starts the timers. Partitions open when they are assigned. */
  start(): void {
    this.#hosted.start();
    this.#upkeep.start();
  }

  /** Hears of leaderships; nothing is told about those that are held already. */
  onLeadership(listener: LeadershipListener): void {
    this.#assignments.onLeadership(listener);
  }

  /** Takes over changed assignments, in the order of the metadata. Older ones than are known change nothing. */
  applyAssignments(changes: readonly PartitionAssignment[]): void {
    if (!this.#isStopped) this.#assignments.apply(changes);
  }

  /** Whether the data folder can be written. */
  get diskState(): DiskState {
    return this.#hosted.diskState;
  }

  /** Whether another replica is in sync with one that is led here: it could lead. */
  get couldLeadElsewhere(): boolean {
    for (const { leaderRole } of this.#hosted.table) if (leaderRole && leaderRole.isr.length > 1) return true;
    return false;
  }

  /** What compaction has done, and has to do. */
  get cleanerStatus(): CleanerStatus {
    return this.#hosted.cleaner.status;
  }

  /** Files that logs keep open. */
  get openFiles(): number {
    return this.#hosted.openFiles;
  }

  /** Partition folders that the metadata does not know, set aside in the data folder as `...-stray` and kept. */
  get strayCount(): number {
    return this.#hosted.strayCount;
  }

  /**
   * Sets aside folders of partitions that the metadata does not know: deleted or moved away while this broker was down, or
   * forgotten by a quorum that lost its log. To be called once, when the metadata is known to be complete: before that no
   * data is touched, whatever older metadata says.
   */
  setStraysAside(isAssignedHere: (topicId: string, partition: number) => boolean): void {
    if (!this.#isStopped) this.#assignments.metadataIsComplete(isAssignedHere);
  }

  /** To be called when brokers were fenced, unfenced or began to stop: some replicas are no longer waited for. */
  brokersChanged(): void {
    for (const partition of this.#hosted.table) partition.advanceHighWatermark();
  }

  /**
   * Appends record batches as leader of the partition. The buffer belongs to the log from here on.
   * @param timeoutMs how long acks=all may wait for the in-sync set
   * @param verification for a batch that begins a transaction: see `Partition.startVerification`
   */
  append(
    topic: string,
    partition: number,
    records: Buffer,
    acks: 0 | 1 | -1,
    timeoutMs = appendTimeoutMs,
    verification?: VerificationGuard,
  ): AppendReply | Promise<AppendReply> {
    const found = this.#hosted.table.byName(topic, partition);
    if (!found) return notHosted(topic, partition);
    return appendProduced(found, records, { acks, timeoutMs, verification });
  }

  /**
   * Appends a coordinator's records and waits until they are committed or the leadership is lost: a coordinator must know
   * what became of each write, or its state would part from the log's.
   */
  async appendInternal(
    topic: string,
    partition: number,
    records: Buffer,
    options: InternalAppend = {},
  ): Promise<AppendReply> {
    const found = this.#hosted.table.byName(topic, partition);
    if (!found) return notHosted(topic, partition);
    const timeoutMs = Number.POSITIVE_INFINITY;
    return appendAsLeader(found, records, { acks: -1, timeoutMs, origin: 'internal', ...options });
  }

  /** Reads whole batches below the high watermark; the first one even when it is larger than `maxBytes`. */
  readCommitted(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
  ): Result<CommittedRead, ReadRefusal> {
    const found = this.#hosted.table.byName(topic, partition);
    if (!found)
      return refused({ code: errorCode.NOT_LEADER_OR_FOLLOWER, message: `${topic}-${partition} is not here` });
    return readCommitted(found, offset, maxBytes);
  }

  /** Resolves with true when everything older than this leadership is committed; with false when it is lost before. */
  async whenElectionCommitted(topic: string, partition: number): Promise<boolean> {
    const found = this.#hosted.table.byName(topic, partition);
    return found !== undefined && whenElectionCommitted(found);
  }

  /** The partition if this broker leads it in `currentLeaderEpoch` (-1: in any), else the error code for the row. */
  leaderOf(topic: string, partition: number, currentLeaderEpoch: number): Result<Partition, ErrorCode> {
    const found = this.#hosted.table.byName(topic, partition);
    if (!found) return refused(errorCode.NOT_LEADER_OR_FOLLOWER);
    const code = checkLeaderEpoch(found.role, currentLeaderEpoch);
    return code === errorCode.NONE ? { ok: true, value: found } : refused(code);
  }

  /** Who leads a partition hosted here; undefined when it is not. */
  hostedPartition(topic: string, partition: number): Partition | undefined {
    return this.#hosted.table.byName(topic, partition);
  }

  /**
   * Reads for a consumer or a follower, in the order of the targets; quiet targets of a session get no row. Answers at
   * once with enough bytes, an error or a divergence, or without a wait; else when data arrives or the wait is over.
   */
  fetch(targets: Iterable<FetchTarget>, options: FetchOptions): FetchedRow[] | Promise<FetchedRow[]> {
    return this.#reader.fetch(targets, options);
  }

  /** Every replica here, for metrics and the studio. */
  partitionStatus(): PartitionStatus[] {
    return Array.from(this.#hosted.table, statusOf);
  }

  /** Ends fetching, waiting and timers without touching the disk: the broker is dying. */
  halt(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#upkeep.stop();
    this.#fetchers.stop();
    this.#isrChanges.stop();
    this.#hosted.halt();
    for (const partition of this.#hosted.table) partition.endWaits();
  }

  /** Stops in order: answers what waits, flushes and closes the logs; `onProgress` hears how many are left. Leaderships were handed over before. */
  async stop(onProgress?: (left: number) => void): Promise<void> {
    if (this.#isStopped) return;
    this.halt();
    this.#waits.answerAll();
    await this.#hosted.close(onProgress);
  }
}

function notHosted(topic: string, partition: number): AppendReply {
  return refusedAppend(errorCode.NOT_LEADER_OR_FOLLOWER, `${topic}-${partition} is not hosted by this broker`);
}
