import type { Cancel } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { InflationGate } from '../log/checks/inflation-gate.ts';
import type { AppendReply } from './append-reply.ts';
import { refusedAppend } from './append-reply.ts';
import type { DiskState } from './disk-state.ts';
import { FetchBudget } from './fetch-budget.ts';
import type { FetchedRow, FetchOptions, FetchTarget } from './fetch-target.ts';
import type { FetchFrom } from './follower/follower-fetcher.ts';
import { FollowerFetchers } from './follower/follower-fetchers.ts';
import type { HostedPartitionsOptions } from './hosting/hosted-partitions.ts';
import { HostedPartitions } from './hosting/hosted-partitions.ts';
import type { PartitionTable } from './hosting/partition-table.ts';
import type { AlterPartition } from './in-sync/isr-changes.ts';
import { IsrChanges } from './in-sync/isr-changes.ts';
import type { BrokerState } from './in-sync/isr-policy.ts';
import { appendAsLeader, appendProduced } from './leader-append.ts';
import { checkLeaderEpoch } from './leader-epoch-check.ts';
import type { LeadershipListener } from './leadership-listeners.ts';
import type { Partition } from './partition.ts';
import type { PartitionAssignment } from './partition-assignment.ts';
import { partitionKey } from './partition-assignment.ts';
import type { PartitionHost } from './partition-host.ts';
import { emptyRow, isQuiet, readPartition } from './partition-read.ts';
import type { PartitionStatus } from './partition-status.ts';
import { statusOf } from './partition-status.ts';
import type { ReplicaSettings } from './replica-settings.ts';
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
  /** Sends AlterPartition to the active controller. */
  readonly alterPartition: AlterPartition;
}

/** A read below the high watermark. */
export interface CommittedRead {
  readonly records: Buffer;
  readonly highWatermark: number;
}

export interface ReadRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * All replicas of this broker: hosts their logs, leads or follows as the metadata says, and serves appends and reads.
 * Single-threaded and synchronous except where replicas or data are waited for.
 */
export class ReplicaManager {
  readonly #options: ReplicaManagerOptions;
  readonly #hosted: HostedPartitions;
  readonly #table: PartitionTable;
  readonly #fetchWaits: FetchWaits;
  readonly #isrChanges: IsrChanges;
  readonly #fetchers: FollowerFetchers;
  readonly #host: PartitionHost;
  readonly #listeners: LeadershipListener[] = [];
  /** Assignments that wait until the data of another topic id may be removed, by partition. */
  readonly #deferred = new Map<string, PartitionAssignment>();
  #timers: Cancel[] = [];
  #isStopped = false;

  constructor(options: ReplicaManagerOptions) {
    this.#options = options;
    const { clock, brokerEpoch, brokerState, settings } = options;
    const log = options.log.with({ module: 'replica' });
    this.#hosted = new HostedPartitions(options);
    this.#table = this.#hosted.table;
    this.#fetchWaits = new FetchWaits(clock);
    const localId = options.brokerId;
    const { alterPartition, fetchFrom } = options;
    this.#isrChanges = new IsrChanges({ localId, clock, log, brokerEpoch, brokerState, alterPartition });
    this.#fetchers = new FollowerFetchers({ localId, brokerEpoch, clock, log, settings, fetchFrom });
    this.#host = {
      localId,
      clock,
      log,
      lagTimeMaxMs: settings.replicaLagTimeMaxMs,
      inflations: new InflationGate(clock),
      diskState: this.#hosted.diskState,
      brokerState,
      endMoved: (partition) => this.#fetchWaits.endMoved(partition),
      highWatermarkMoved: (partition) => this.#fetchWaits.highWatermarkMoved(partition),
      roleChanged: (partition) => this.#fetchWaits.roleChanged(partition),
      isrProposed: (partition) => this.#isrChanges.propose(partition),
    };
  }

  /** Reads the checkpoints and starts the timers. Partitions open when they are assigned. */
  start(): void {
    const { settings } = this.#options;
    this.#hosted.start();
    this.#repeat(settings.replicaLagTimeMaxMs / 2, () => this.#shrinkIsrs());
    this.#repeat(settings.replicaHighWatermarkCheckpointIntervalMs, () => {
      void this.#hosted.writeCheckpointsInBackground();
    });
    this.#repeat(settings.logRetentionCheckIntervalMs, () => this.#enforceRetention());
  }

  /** Hears of leaderships; nothing is told about those that are held already. */
  onLeadership(listener: LeadershipListener): void {
    this.#listeners.push(listener);
  }

  /** Takes over changed assignments, in the order of the metadata. Older ones than are known change nothing. */
  applyAssignments(changes: readonly PartitionAssignment[]): void {
    if (this.#isStopped) return;
    for (const change of changes) {
      try {
        this.#applyAssignment(change);
      } catch (error) {
        const partition = `${change.topic}-${change.partition}`;
        this.#options.log.error('cannot take over an assignment', { partition, reason: messageOf(error) });
      }
    }
    this.#hosted.assigned();
  }

  #applyAssignment(assignment: PartitionAssignment): void {
    const key = partitionKey(assignment.topic, assignment.partition);
    const known = this.#table.byName(assignment.topic, assignment.partition);
    if (assignment.removed || !assignment.replicas.includes(this.#options.brokerId)) {
      if (this.#deferred.get(key)?.topicId === assignment.topicId) this.#deferred.delete(key);
      if (known?.topicId === assignment.topicId) this.#remove(known);
      return;
    }
    if (known && known.topicId !== assignment.topicId) this.#remove(known);
    if (known?.topicId === assignment.topicId) this.#changeRole(known, assignment);
    else if (this.#hosted.canOpen(assignment)) this.#changeRole(this.#hosted.open(this.#host, assignment), assignment);
    else this.#deferred.set(key, assignment);
  }

  #changeRole(partition: Partition, assignment: PartitionAssignment): void {
    const leaderBefore = partition.leaderHint.leaderId;
    const change = partition.assign(assignment);
    if (change.kind === 'elected') {
      this.#fetchers.unfollow(partition);
      for (const listener of this.#listeners)
        listener.elected(partition.topic, partition.partition, change.role.leaderEpoch);
    } else if (change.kind === 'follows') {
      if (change.newEpoch || leaderBefore !== change.role.leader) this.#fetchers.follow(partition, change.role.leader);
      if (change.resigned) this.#tellResigned(partition);
    }
  }

  #remove(partition: Partition): void {
    const wasLeader = partition.leaderRole !== undefined;
    this.#fetchers.unfollow(partition);
    this.#hosted.remove(partition);
    if (wasLeader) this.#tellResigned(partition);
  }

  #tellResigned(partition: Partition): void {
    for (const listener of this.#listeners) listener.resigned(partition.topic, partition.partition);
  }

  /** Whether the data folder can be written. */
  get diskState(): DiskState {
    return this.#hosted.diskState;
  }

  /** Whether another replica is in sync with one that is led here: it could lead. */
  get couldLeadElsewhere(): boolean {
    for (const { leaderRole } of this.#table) if (leaderRole && leaderRole.isr.length > 1) return true;
    return false;
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
    this.#hosted.metadataIsComplete(isAssignedHere);
    const deferred = [...this.#deferred.values()];
    this.#deferred.clear();
    this.applyAssignments(deferred);
  }

  /** To be called when brokers were fenced, unfenced or began to stop: some replicas are no longer waited for. */
  brokersChanged(): void {
    for (const partition of this.#table) partition.advanceHighWatermark();
  }

  /**
   * Appends record batches as leader of the partition. The buffer belongs to the log from here on.
   * @param timeoutMs how long acks=all may wait for the in-sync set
   */
  append(
    topic: string,
    partition: number,
    records: Buffer,
    acks: 0 | 1 | -1,
    timeoutMs = appendTimeoutMs,
  ): AppendReply | Promise<AppendReply> {
    const found = this.#table.byName(topic, partition);
    if (!found) return notHosted(topic, partition);
    return appendProduced(found, records, { acks, timeoutMs });
  }

  /**
   * Appends a coordinator's records and waits until they are committed or the leadership is lost: a coordinator must know
   * what became of each write, or its state would part from the log's.
   */
  async appendInternal(topic: string, partition: number, records: Buffer): Promise<AppendReply> {
    const found = this.#table.byName(topic, partition);
    if (!found) return notHosted(topic, partition);
    const timeoutMs = Number.POSITIVE_INFINITY;
    return appendAsLeader(found, records, { acks: -1, timeoutMs, origin: 'internal' });
  }

  /** Reads whole batches below the high watermark; the first one even when it is larger than `maxBytes`. */
  readCommitted(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
  ): Result<CommittedRead, ReadRefusal> {
    const found = this.#table.byName(topic, partition);
    if (!found)
      return refused({ code: errorCode.NOT_LEADER_OR_FOLLOWER, message: `${topic}-${partition} is not here` });
    const { highWatermark } = found;
    if (offset >= highWatermark && offset <= found.storage.endOffset)
      return ok({ records: Buffer.alloc(0), highWatermark });
    const read = found.storage.read(offset, { maxBytes, before: highWatermark, atLeastOneBatch: true });
    return read.ok ? ok({ records: read.value.records, highWatermark }) : read;
  }

  /** Resolves with true when everything older than this leadership is committed; with false when it is lost before. */
  async whenElectionCommitted(topic: string, partition: number): Promise<boolean> {
    const found = this.#table.byName(topic, partition);
    const epochStartOffset = found?.leaderRole?.epochStartOffset;
    if (!found || epochStartOffset === undefined) return false;
    if (found.highWatermark >= epochStartOffset) return true;
    return new Promise((resolve) => {
      found.waits.add(epochStartOffset, Number.POSITIVE_INFINITY, (outcome) => resolve(outcome === 'committed'));
    });
  }

  /** The partition if this broker leads it in `currentLeaderEpoch` (-1: in any), else the error code for the row. */
  leaderOf(topic: string, partition: number, currentLeaderEpoch: number): Result<Partition, ErrorCode> {
    const found = this.#table.byName(topic, partition);
    if (!found) return refused(errorCode.NOT_LEADER_OR_FOLLOWER);
    const code = checkLeaderEpoch(found.role, currentLeaderEpoch);
    return code === errorCode.NONE ? ok(found) : refused(code);
  }

  /** Who leads a partition hosted here; undefined when it is not. */
  hostedPartition(topic: string, partition: number): Partition | undefined {
    return this.#table.byName(topic, partition);
  }

  /**
   * Reads for a consumer or a follower, in the order of the targets; quiet targets of a session get no row. Answers at
   * once with enough bytes, an error or a divergence, or without a wait; else when data arrives or the wait is over.
   */
  fetch(targets: Iterable<FetchTarget>, options: FetchOptions): FetchedRow[] | Promise<FetchedRow[]> {
    if (options.replicaId >= 0) this.#fetchWaits.endReplicaWait(options.replicaId);
    const first = this.#readAll(targets, options, true);
    if (first.mustAnswer || first.bytes >= options.minBytes || options.maxWaitMs <= 0 || first.isEmpty)
      return first.rows;
    return this.#fetchWaits.park({
      replicaId: options.replicaId,
      partitions: options.replicaId >= 0 ? [] : this.#partitionsOf(targets),
      minBytes: options.minBytes,
      maxWaitMs: options.maxWaitMs,
      bytes: first.bytes,
      read: () => this.#readAll(targets, options, false),
    });
  }

  #partitionsOf(targets: Iterable<FetchTarget>): Partition[] {
    const partitions = new Set<Partition>();
    for (const target of targets) {
      const partition = this.#locate(target);
      if (typeof partition !== 'number') partitions.add(partition);
    }
    return [...partitions];
  }

  #readAll(targets: Iterable<FetchTarget>, options: FetchOptions, isArrival: boolean) {
    const budget = new FetchBudget(options.maxBytes);
    const request = { options, budget, isArrival };
    let mustAnswer = false;
    let isEmpty = true;
    const rows: FetchedRow[] = [];
    for (const target of targets) {
      isEmpty = false;
      const found = this.#locate(target);
      if (typeof found !== 'number' && isQuiet(found, target, options.replicaId)) continue;
      const row = typeof found === 'number' ? emptyRow(target, found) : readPartition(found, target, request);
      if (row.errorCode !== errorCode.NONE || row.diverging) mustAnswer = true;
      rows.push(row);
    }
    return { rows, bytes: budget.usedBytes, mustAnswer, isEmpty };
  }

  /** By id where there is one: a topic of the same name with another id is another topic (KIP-516). */
  #locate(target: FetchTarget): Partition | ErrorCode {
    if (target.topicId === zeroUuid)
      return this.#table.byName(target.topic, target.partition) ?? errorCode.NOT_LEADER_OR_FOLLOWER;
    const found = this.#table.byId(target.topicId, target.partition);
    if (found) return found;
    if (target.topic === '') return errorCode.UNKNOWN_TOPIC_ID;
    return this.#table.byName(target.topic, target.partition)
      ? errorCode.INCONSISTENT_TOPIC_ID
      : errorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /** Every replica here, for metrics and the studio. */
  partitionStatus(): PartitionStatus[] {
    return Array.from(this.#table, statusOf);
  }

  /** Ends fetching, waiting and timers without touching the disk: the broker is dying. */
  halt(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    this.#fetchers.stop();
    this.#isrChanges.stop();
    this.#hosted.halt();
    for (const partition of this.#table) partition.waits.resign(partition.highWatermark);
  }

  /** Stops in order: answers what waits, flushes and closes the logs; `onProgress` hears how many are left. Leaderships were handed over before. */
  async stop(onProgress?: (left: number) => void): Promise<void> {
    if (this.#isStopped) return;
    this.halt();
    this.#fetchWaits.answerAll(this.#table);
    await this.#hosted.close(onProgress);
  }

  #shrinkIsrs(): void {
    for (const partition of this.#table) partition.maybeShrinkIsr();
  }

  #enforceRetention(): void {
    for (const partition of this.#table) {
      try {
        partition.enforceRetention();
      } catch (error) {
        if (this.diskState.failed(error)) return;
        this.#options.log.error('cannot enforce retention', { partition: partition.key, reason: messageOf(error) });
      }
    }
  }

  #repeat(intervalMs: number, action: () => void): void {
    const slot = this.#timers.length;
    const arm = () => {
      this.#timers[slot] = this.#options.clock.after(intervalMs, () => {
        if (this.#isStopped) return;
        action();
        arm();
      });
    };
    this.#timers.push(() => {});
    arm();
  }
}

function notHosted(topic: string, partition: number): AppendReply {
  return refusedAppend(errorCode.NOT_LEADER_OR_FOLLOWER, `${topic}-${partition} is not hosted by this broker`);
}
