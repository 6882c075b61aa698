import { MillraceError } from '../../base/errors.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { partitionKey } from '../consumer/list-offsets.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { Membership } from './classic-member.ts';
import type { GroupOffsets } from './group-offsets.ts';

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
]);

/** Errors that concern the membership and not the offsets. */
export const membershipErrors: ReadonlySet<number> = new Set<number>([
  errorCode.ILLEGAL_GENERATION,
  errorCode.UNKNOWN_MEMBER_ID,
  errorCode.FENCED_INSTANCE_ID,
  errorCode.NOT_COORDINATOR,
  errorCode.COORDINATOR_NOT_AVAILABLE,
]);

/** Commits what is settled. A commit that is refused stays to be made, and sets off no rebalance of its own. */
export class GroupCommits {
  readonly #offsets: GroupOffsets;
  readonly #owner: CommitOwner;
  #underWay = 0;

  constructor(offsets: GroupOffsets, owner: CommitOwner) {
    this.#offsets = offsets;
    this.#owner = owner;
  }

  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** Commits the settled part of these partitions. Never rejects. */
  async commit(partitions: Iterable<AssignedPartition>): Promise<void> {
    const membership = this.#owner.membership();
    const dirty = [...partitions]
      .map((assigned) => ({ assigned, offset: assigned.toCommit() }))
      .filter(({ assigned }) => assigned.commits.isDirty);
    if (!membership || !dirty.length) return;
    const rows = dirty.map(({ assigned: { feed, commits }, offset }) => {
      commits.send(offset);
      return { topic: feed.topic, partition: feed.partition, offset };
    });
    this.#underWay++;
    try {
      const codes = await this.#offsets.commit(rows, membership);
      for (const { assigned, offset } of dirty) {
        const { topic, partition } = assigned.feed;
        if (codes.get(partitionKey(topic, partition)) === errorCode.NONE) assigned.commits.acknowledge(offset);
      }
      this.#answered(new Set(codes.values()), membership);
    } catch (error) {
      if (error instanceof MillraceError) this.#owner.trouble(error);
      else this.#owner.failed(error);
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
