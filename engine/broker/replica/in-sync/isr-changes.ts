import type { Cancel, Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { AlterPartitionResponse, alterPartitionRequest } from '../../../protocol/schemas/56-alter-partition.ts';
import { backOffMs } from '../back-off.ts';
import type { LeaderRole } from '../partition-state.ts';
import { isrChangeOutcome } from './isr-change-outcome.ts';
import type { BrokerState } from './isr-policy.ts';

/** Partitions in one AlterPartition request. */
export const partitionsPerIsrRequestMax = 1_000;
const retryMs = { minMs: 20, maxMs: 1_000 } as const;

export type AlterPartitionInput = MessageInput<typeof alterPartitionRequest>;
export type AlterPartition = (request: AlterPartitionInput) => Promise<AlterPartitionResponse>;

/** A partition that wants another in-sync set. */
export interface IsrProposer {
  readonly topicId: string;
  readonly partition: number;
  readonly key: string;
  readonly leaderRole: LeaderRole | undefined;
  /** The controller committed `isr` for this leader epoch. */
  commitIsr(isr: readonly number[], leaderEpoch: number, partitionEpoch: number): void;
  /** The controller did not try the pending set. */
  dropPendingIsr(): void;
}

interface Proposal {
  readonly partition: IsrProposer;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
}

export interface IsrChangesOptions {
  readonly localId: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly brokerEpoch: () => number;
  readonly brokerState: (brokerId: number) => BrokerState | undefined;
  readonly alterPartition: AlterPartition;
}

/**
 * Sends pending in-sync sets to the controller: one request at a time, all proposals of a turn in it. A proposal whose
 * partition has moved on (other epoch, other pending set) is dropped, before sending and when the answer comes.
 */
export class IsrChanges {
  readonly #options: IsrChangesOptions;
  readonly #queued = new Map<IsrProposer, Proposal>();
  #isSending = false;
  #isScheduled = false;
  #failures = 0;
  #isStopped = false;
  #cancelRetry: Cancel | undefined;

  constructor(options: IsrChangesOptions) {
    this.#options = options;
  }

  /** Takes the partition's pending set; nothing happens when it has none. */
  propose(partition: IsrProposer): void {
    const role = partition.leaderRole;
    if (!role?.pendingIsr) return;
    const { leaderEpoch, partitionEpoch, pendingIsr } = role;
    this.#queued.set(partition, { partition, leaderEpoch, partitionEpoch, isr: pendingIsr });
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
    this.#queued.clear();
  }

  #schedule(): void {
    if (this.#isSending || this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    this.#options.clock.soon(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#isSending || this.#isStopped) return;
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    this.#isSending = true;
    this.#options.alterPartition(this.#request(batch)).then(
      (response) => this.#answered(batch, response),
      (error: unknown) => this.#failed(batch, messageOf(error)),
    );
  }

  #takeBatch(): Proposal[] {
    const batch: Proposal[] = [];
    for (const [partition, proposal] of this.#queued) {
      if (batch.length >= partitionsPerIsrRequestMax) break;
      this.#queued.delete(partition);
      if (isCurrent(proposal)) batch.push(proposal);
    }
    return batch;
  }

  #request(batch: readonly Proposal[]): AlterPartitionInput {
    const { localId, brokerEpoch } = this.#options;
    const byTopic = Map.groupBy(batch, (proposal) => proposal.partition.topicId);
    return {
      brokerId: localId,
      brokerEpoch: brokerEpoch(),
      topics: [...byTopic].map(([topicId, proposals]) => ({
        topicId,
        partitions: proposals.map((proposal) => ({
          partitionIndex: proposal.partition.partition,
          leaderEpoch: proposal.leaderEpoch,
          newIsrWithEpochs: proposal.isr.map((id) => ({ brokerId: id, brokerEpoch: this.#epochOf(proposal, id) })),
          leaderRecoveryState: 0,
          partitionEpoch: proposal.partitionEpoch,
        })),
      })),
    };
  }

  /** The incarnation that fetched, so that a broker that has since rebooted is refused (KIP-903). */
  #epochOf(proposal: Proposal, id: number): number {
    if (id === this.#options.localId) return this.#options.brokerEpoch();
    const fetched = proposal.partition.leaderRole?.followers.get(id)?.brokerEpoch ?? -1;
    return fetched !== -1 ? fetched : (this.#options.brokerState(id)?.epoch ?? -1);
  }

  #answered(batch: readonly Proposal[], response: AlterPartitionResponse): void {
    if (response.errorCode !== errorCode.NONE) {
      this.#failed(batch, `error code ${response.errorCode}`);
      return;
    }
    const rows = new Map<string, AlterPartitionResponse['topics'][number]['partitions'][number]>();
    for (const topic of response.topics)
      for (const row of topic.partitions) rows.set(`${topic.topicId}-${row.partitionIndex}`, row);
    const again: Proposal[] = [];
    for (const proposal of batch) {
      const row = rows.get(`${proposal.partition.topicId}-${proposal.partition.partition}`);
      const outcome = row ? isrChangeOutcome(row.errorCode) : 'retry';
      if (outcome === 'committed' && row) proposal.partition.commitIsr(row.isr, row.leaderEpoch, row.partitionEpoch);
      else if (isCurrent(proposal)) this.#refusedOne(proposal, outcome, row?.errorCode, again);
    }
    if (again.length) this.#failed(again, 'rows to try again');
    else this.#succeeded();
  }

  #refusedOne(proposal: Proposal, outcome: string, code: number | undefined, again: Proposal[]): void {
    this.#options.log.info('in-sync set not changed', { partition: proposal.partition.key, errorCode: code, outcome });
    if (outcome === 'drop') proposal.partition.dropPendingIsr();
    else if (outcome === 'retry') again.push(proposal);
  }

  #succeeded(): void {
    this.#isSending = false;
    this.#failures = 0;
    if (this.#queued.size) this.#schedule();
  }

  #failed(batch: readonly Proposal[], reason: string): void {
    if (this.#isStopped) return;
    this.#failures++;
    this.#options.log.info('the controller did not take in-sync sets', { reason, failures: this.#failures });
    for (const proposal of batch)
      if (!this.#queued.has(proposal.partition)) this.#queued.set(proposal.partition, proposal);
    this.#cancelRetry = this.#options.clock.after(backOffMs(this.#failures, retryMs), () => {
      this.#isSending = false;
      this.#send();
    });
  }
}

function isCurrent(proposal: Proposal): boolean {
  const role = proposal.partition.leaderRole;
  return role?.leaderEpoch === proposal.leaderEpoch && role.pendingIsr === proposal.isr;
}
