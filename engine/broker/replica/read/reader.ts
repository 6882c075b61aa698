import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { FetchedRow, FetchOptions, FetchTarget } from '../fetch-target.ts';
import type { PartitionTable } from '../hosting/partition-table.ts';
import type { Partition } from '../partition.ts';
import type { ReplicationThrottle } from '../replication-throttle.ts';
import type { FetchWaits } from '../waits/fetch-waits.ts';
import { FetchBudget } from './fetch-budget.ts';
import { emptyRow, isQuiet, readPartition } from './partition-read.ts';
import { isStillQuiet, markQuiet } from './quiet-targets.ts';

/** Serves the fetches of consumers and followers: reads what is there, and parks those that find too little. */
export class Reader {
  readonly #table: PartitionTable;
  readonly #waits: FetchWaits;
  /** Holds back followers that are not in sync. */
  readonly #throttle: ReplicationThrottle;

  constructor(table: PartitionTable, waits: FetchWaits, throttle: ReplicationThrottle) {
    this.#table = table;
    this.#waits = waits;
    this.#throttle = throttle;
  }

  /** See `ReplicaManager.fetch`. */
  fetch(targets: Iterable<FetchTarget>, options: FetchOptions): FetchedRow[] | Promise<FetchedRow[]> {
    const { replicaId } = options;
    const rows = this.#fetch(targets, options);
    return rows instanceof Promise
      ? rows.then((late) => this.#counted(late, replicaId))
      : this.#counted(rows, replicaId);
  }

  /** Counts what is answered. Quiet targets have no row, and cost nothing here. */
  #counted(rows: FetchedRow[], replicaId: number): FetchedRow[] {
    for (const { target, errorCode: code, records } of rows) {
      const found = this.#locate(target);
      if (typeof found === 'number') continue;
      const { traffic } = found;
      traffic.fetchRequests++;
      if (code !== errorCode.NONE) traffic.failedFetchRequests++;
      else if (replicaId >= 0) {
        traffic.replicationBytesOut += records.length;
        if (this.#throttle.isActive && this.#throttle.isListed(found.topic, found.partition))
          this.#throttle.record(records.length);
      } else traffic.bytesOut += records.length;
    }
    return rows;
  }

  #fetch(targets: Iterable<FetchTarget>, options: FetchOptions): FetchedRow[] | Promise<FetchedRow[]> {
    const { replicaId, isolation, minBytes, maxWaitMs } = options;
    if (replicaId >= 0) this.#waits.endReplicaWait(replicaId);
    const first = this.#readAll(targets, options, true);
    if (first.mustAnswer || first.bytes >= minBytes || maxWaitMs <= 0 || first.isEmpty) return first.rows;
    return this.#waits.park({
      replicaId,
      isolation,
      partitions: replicaId >= 0 ? [] : this.#partitionsOf(targets),
      minBytes,
      maxWaitMs,
      bytes: first.bytes,
      read: () => this.#readAll(targets, options, false),
    });
  }

  #partitionsOf(targets: Iterable<FetchTarget>): Partition[] {
    const partitions: Partition[] = [];
    for (const target of targets) {
      const partition = this.#locate(target);
      if (typeof partition !== 'number') partitions.push(partition);
    }
    return partitions;
  }

  #readAll(targets: Iterable<FetchTarget>, options: FetchOptions, isArrival: boolean) {
    const budget = new FetchBudget(options.maxBytes);
    const request = { options, budget, isArrival, throttle: this.#throttle };
    let mustAnswer = false;
    let isEmpty = true;
    const rows: FetchedRow[] = [];
    for (const target of targets) {
      isEmpty = false;
      if (isStillQuiet(target, options)) continue;
      const found = this.#locate(target);
      if (typeof found !== 'number' && isQuiet(found, target, options)) {
        markQuiet(found, target, options);
        continue;
      }
      const row = typeof found === 'number' ? emptyRow(target, found) : readPartition(found, target, request);
      if (row.errorCode !== errorCode.NONE || row.diverging || row.preferredReadReplica !== undefined)
        mustAnswer = true;
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
}
