import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import type { CoordinatorRuntime } from '../coordinator/runtime.ts';
import type { Shard } from '../coordinator/shard.ts';
import type { ConsumerGroupLimits } from './consumer/draft.ts';
import type { GroupTopics } from './consumer/group-topics.ts';
import type { GroupLimits } from './group-limits.ts';
import type { GroupShard } from './group-machine.ts';
import type { GroupRecord } from './group-records.ts';

export interface GroupCoordinatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: GroupLimits;
  /** What a group of the consumer protocol is held to: the broker's settings, or those of the group itself. */
  readonly consumerLimits: (groupId: string) => ConsumerGroupLimits;
  /** The committed topics. */
  readonly topics: () => GroupTopics;
  readonly offsetsLog: InternalLog;
  /** Whether the committed metadata has a topic of that name. */
  readonly topicExists: (topic: string) => boolean;
  /** Whether this broker has heard of the quorum of late: one that was cut off or stopped may not lead any more what it thinks it leads. */
  readonly isInTouch: () => boolean;
}

/** One group on its way through a command. */
export interface Place {
  readonly shard: Shard<GroupShard>;
  readonly groupId: string;
}

export type GroupRuntime = CoordinatorRuntime<GroupShard, GroupRecord>;

/** What the parts of the coordinator of groups share: the runtime, the way to a group on it, and the surroundings. */
export class GroupPlaces {
  readonly options: GroupCoordinatorOptions;
  readonly runtime: GroupRuntime;

  constructor(options: GroupCoordinatorOptions, runtime: GroupRuntime) {
    this.options = options;
    this.runtime = runtime;
  }

  /** A group that is coordinated here, whether it exists or not; or what to answer. */
  of(groupId: string): Place | ErrorCode {
    const shard = this.runtime.shardOf(groupId);
    if (typeof shard !== 'number') return { shard, groupId };
    // Cut off while it loads, a broker would hold its members with a promise that another one keeps: they have to look around.
    const isLost = shard === errorCode.COORDINATOR_LOAD_IN_PROGRESS && !this.options.isInTouch();
    return isLost ? errorCode.NOT_COORDINATOR : shard;
  }

  /** A group with members has a name; without one it is a place for offsets alone, as old consumers use it. */
  ofMembers(groupId: string): Place | ErrorCode {
    return groupId === '' ? errorCode.INVALID_GROUP_ID : this.of(groupId);
  }

  /** A group that exists; a member of any other is unknown. */
  existing(groupId: string): Place | ErrorCode {
    const place = this.ofMembers(groupId);
    return typeof place === 'number' || exists(place) ? place : errorCode.UNKNOWN_MEMBER_ID;
  }

  /** A random id in the form of a UUID. */
  newId(): string {
    const hex = Buffer.from(this.options.random.bytes(16)).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

export function exists({ shard: { state }, groupId }: Place): boolean {
  return state.stored.has(groupId) || state.soft.roundOf(groupId) !== undefined;
}
