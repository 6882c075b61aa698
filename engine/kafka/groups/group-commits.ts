import { MillraceError } from '../../base/errors.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { partitionKey } from '../consumer/list-offsets.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { Membership } from './group-member.ts';
import type { GroupOffsets, OffsetToCommit } from './group-offsets.ts';

/** Whose commits these are. */
export interface CommitOwner {
  /** Who commits; undefined while we are no member, when nothing may be committed. */
  membership(): Membership | undefined;
  /** The coordinator does not take us for the member that we think we are. */
  refused(code: number): void;
  trouble(error: MillraceError): void;
  failed(error: unknown): void;
}

/** The next commit is as good: a rebalance is under way, the coordinator is loading, a topic is gone (its reader tells that). */
const quietErrors: ReadonlySet<number> = new Set<number>([
  errorCode.NONE,
  errorCode.REBALANCE_IN_PROGRESS,
  errorCode.COORDINATOR_LOAD_IN_PROGRESS,
  errorCode.UNKNOWN_TOPIC_OR_PARTITION,
  errorCode.UNKNOWN_TOPIC_ID,
  errorCode.STALE_MEMBER_EPOCH,
]);

/** Errors that concern the membership and not the offsets. */
export const membershipErrors: ReadonlySet<number> = new Set<number>([
  errorCode.ILLEGAL_GENERATION,
  errorCode.UNKNOWN_MEMBER_ID,
  errorCode.FENCED_INSTANCE_ID,
  errorCode.FENCED_MEMBER_EPOCH,
  errorCode.NOT_COORDINATOR,
  errorCode.COORDINATOR_NOT_AVAILABLE,
]);

/** Commits what is settled. A commit that is refused stays to be made, and sets off no rebalance of its own. */
export class GroupCommits {
  readonly #offsets: GroupOffsets;
  /** Else somebody else commits, with a transaction. */
  readonly #isOurs: boolean;
  readonly #owner: CommitOwner;
  #underWay = 0;

  constructor(offsets: GroupOffsets, isOurs: boolean, owner: CommitOwner) {
    this.#offsets = offsets;
    this.#isOurs = isOurs;
    this.#owner = owner;
  }

  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** What is settled and not committed. Whoever asks commits it. */
  due(partitions: Iterable<AssignedPartition>): OffsetToCommit[] {
    const rows: OffsetToCommit[] = [];
    for (const assigned of partitions) {
      const offset = assigned.toCommit();
      if (!assigned.commits.isDirty) continue;
      assigned.commits.send(offset);
      rows.push({ topic: assigned.feed.topic, partition: assigned.feed.partition, offset });
    }
    return rows;
  }

  /** Commits the settled part of these partitions. Never rejects; false when we have another member epoch by now. */
  async commit(partitions: readonly AssignedPartition[]): Promise<boolean> {
    const membership = this.#owner.membership();
    if (!this.#isOurs || !membership) return true;
    const rows = this.due(partitions);
    if (rows.length === 0) return true;
    const byKey = new Map(partitions.map((each) => [partitionKey(each.feed.topic, each.feed.partition), each]));
    this.#underWay++;
    try {
      const codes = await this.#offsets.commit(rows, membership);
      for (const { topic, partition, offset } of rows) {
        if (codes.get(partitionKey(topic, partition)) !== errorCode.NONE) continue;
        byKey.get(partitionKey(topic, partition))!.commits.acknowledge(offset);
      }
      const found = new Set(codes.values());
      this.#answered(found, membership);
      return !found.has(errorCode.STALE_MEMBER_EPOCH);
    } catch (error) {
      if (error instanceof MillraceError) this.#owner.trouble(error);
      else this.#owner.failed(error);
      return true;
    } finally {
      this.#underWay--;
    }
  }

  #answered(codes: ReadonlySet<number>, { generation }: Membership): void {
    for (const code of codes) {
      if (quietErrors.has(code)) continue;
      if (!membershipErrors.has(code)) this.#owner.trouble(protocolFault(code));
      // An answer about an earlier generation is no news.
      else if (generation === this.#owner.membership()?.generation) this.#owner.refused(code);
    }
  }
}
