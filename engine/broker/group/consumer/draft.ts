import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { GroupRecord } from '../group-records.ts';
import type { Membership } from '../stored-group.ts';
import { applyConsumerRecord, WritableConsumerGroup } from './apply-consumer-record.ts';
import type { Assignor } from './assignors/assignor.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerRecord } from './consumer-record.ts';
import type { GroupTopics } from './group-topics.ts';

/** Whether groups go from one protocol to the other while members run (group.consumer.migration.policy). */
export interface MigrationPolicy {
  readonly upgrade: boolean;
  readonly downgrade: boolean;
}

/** Bounds of a group of the consumer protocol; names of the settings in brackets. */
export interface ConsumerGroupLimits {
  /** group.consumer.session.timeout.ms, or the group's own consumer.session.timeout.ms */
  readonly sessionTimeoutMs: number;
  /** group.consumer.heartbeat.interval.ms, or the group's own consumer.heartbeat.interval.ms */
  readonly heartbeatIntervalMs: number;
  /** group.consumer.max.size */
  readonly membersMax: number;
  /** group.max.size: what a group is held to that becomes a classic one. */
  readonly classicMembersMax: number;
  /** group.consumer.assignors: the first is taken where no member asks for one. */
  readonly assignors: readonly Assignor[];
  readonly migration: MigrationPolicy;
}

/** What plans are made by besides the group. */
export interface ConsumerContext {
  readonly limits: ConsumerGroupLimits;
  readonly topics: GroupTopics;
  /** Wall-clock time, milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * What is waited for of a member: a sign of life; that it lets partitions go; of members of the classic protocol that they join
 * again, and that they ask for their part.
 */
export type TimerKind = 'session' | 'rebalance' | 'join' | 'sync';

/** From now on a member has this long; undefined: it is not waited for any more. */
export interface TimerChange {
  readonly memberId: string;
  readonly kind: TimerKind;
  readonly delayMs: number | undefined;
  /** A timer that runs already goes on. */
  readonly ifAbsent?: boolean;
}

/** What a group of the consumer protocol is turned into: members of the classic protocol, or none. */
export interface ClassicSuccessor {
  readonly membership: Membership | null;
  /** Whether they have to agree on a new generation at once. */
  readonly wantsRebalance: boolean;
}

/** Why a request is refused. */
export class Refusal {
  readonly code: ErrorCode;
  readonly message: string;

  constructor(code: ErrorCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

/**
 * A group while commands are planned on it: each record is applied at once to a copy that nobody else sees, so that the next command
 * plans on it. The copy is made with the first record: most heartbeats write none.
 */
export class ConsumerDraft {
  readonly groupId: string;
  readonly context: ConsumerContext;
  readonly records: ConsumerRecord[] = [];
  readonly timers: TimerChange[] = [];
  /** Records of other kinds that go with them, before and after. */
  readonly before: GroupRecord[] = [];
  readonly after: GroupRecord[] = [];
  /** Whether there is such a group; without one, members can but come. */
  isThere: boolean;
  /** Set when the group could not be made one of the consumer protocol. */
  barred: Refusal | undefined;
  /** Set when the group is turned into a classic one: nothing more can be planned on it. */
  successor: ClassicSuccessor | undefined;
  #group: ConsumerGroup;
  #copy: WritableConsumerGroup | undefined;
  /** Whether the topics have to be looked at again, although no member has changed what it reads. */
  wantsRefresh: boolean;

  constructor(groupId: string, group: ConsumerGroup | undefined, context: ConsumerContext, wantsRefresh: boolean) {
    this.groupId = groupId;
    this.context = context;
    this.isThere = group !== undefined;
    this.#group = group ?? new WritableConsumerGroup();
    this.wantsRefresh = wantsRefresh;
  }

  get group(): ConsumerGroup {
    return this.#group;
  }

  /** All that is to be written, in order. */
  get allRecords(): readonly GroupRecord[] {
    return [...this.before, ...this.records, ...this.after];
  }

  write(...records: readonly ConsumerRecord[]): void {
    this.isThere = true;
    this.#copy ??= new WritableConsumerGroup(this.#group);
    this.#group = this.#copy;
    for (const record of records) {
      this.records.push(record);
      applyConsumerRecord(this.#copy, record);
    }
  }

  timer(memberId: string, kind: TimerKind, delayMs: number | undefined, ifAbsent = false): void {
    this.timers.push({ memberId, kind, delayMs, ifAbsent });
  }

  /** The member is waited for in no way any more. */
  noTimers(memberId: string): void {
    for (const kind of ['session', 'rebalance', 'join', 'sync'] as const) this.timer(memberId, kind, undefined);
  }
}
