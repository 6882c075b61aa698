import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Shard } from '../../coordinator/shard.ts';
import type { ClassicGroups } from '../classic/classic-groups.ts';
import type { Round } from '../classic/round.ts';
import { emptyRound } from '../classic/round.ts';
import type { GroupShard } from '../group-machine.ts';
import type { GroupPlaces, Place } from '../group-place.ts';
import type { GroupRecord } from '../group-records.ts';
import { memberStates } from './consumer-group.ts';
import type { ConsumerContext } from './draft.ts';
import { ConsumerDraft, Refusal } from './draft.ts';
import { GroupTurns } from './group-turns.ts';
import { MemberTimers } from './member-timers.ts';
import { makeTargets } from './member-update.ts';
import { planUpgrade, refusalOfUpgrade, removeOrDowngrade } from './migrate.ts';
import { isSubscribed } from './subscriptions.ts';

/** What becomes of a command when its turn is written: NONE, or why it could not be. */
export type Settle = (code: ErrorCode) => void;

/** The second half of a plan: when the targets of all members that have come in the same turn are made. */
export interface PlannedLater {
  readonly later: (draft: ConsumerDraft) => Settle;
}

/** A command on a group of the consumer protocol. */
export interface ConsumerCommand {
  /** Plans; what it returns is called when all that was planned in the same turn is written, or could not be. */
  readonly plan: (draft: ConsumerDraft) => Settle | PlannedLater;
  /** It may be planned before those that went before it have finished: it takes nobody out. */
  readonly isBeat?: boolean;
  /** A member comes: a classic group is turned into one of the consumer protocol for it, where that is allowed. */
  readonly isJoin?: boolean;
  /** Nothing may be on its way to the partition when it is planned. */
  readonly needsQuiet?: boolean;
}

interface ShardGroups {
  readonly turns: Map<string, GroupTurns<ConsumerCommand>>;
  readonly timers: MemberTimers;
  /** Groups whose topics have to be looked at again with the next heartbeat. */
  readonly stale: Set<string>;
}

/** What makes a group one of the consumer protocol: undefined when it is one already, or none at all. */
interface Takeover {
  readonly round: Round;
  readonly reopen: () => void;
}

/**
 * Carries out commands on groups of the consumer protocol, of each group in turns: plans on a copy, writes what was planned as one
 * batch, and answers when it is applied. See SPEC.md.
 */
export class ConsumerGroups {
  readonly #places: GroupPlaces;
  readonly #classic: ClassicGroups;
  readonly #shards = new Map<Shard<GroupShard>, ShardGroups>();

  constructor(places: GroupPlaces, classic: ClassicGroups) {
    this.#places = places;
    this.#classic = classic;
  }

  /** Whether requests for the group are this protocol's matter: it is one of its groups, or may be about to become one. */
  owns({ shard, groupId }: Place): boolean {
    if (shard.state.stored.get(groupId)?.consumer) return true;
    const turns = this.#shards.get(shard)?.turns.get(groupId);
    return turns !== undefined && !turns.isIdle;
  }

  perform({ shard, groupId }: Place, command: ConsumerCommand): void {
    const groups = this.#shards.get(shard);
    if (!groups) return this.#refuse({ shard, groupId }, command);
    let turns = groups.turns.get(groupId);
    if (!turns) {
      const made: GroupTurns<ConsumerCommand> = new GroupTurns(
        (commands) => this.#turn({ shard, groupId }, made, commands),
        () => groups.turns.delete(groupId),
      );
      turns = made;
      groups.turns.set(groupId, turns);
    }
    turns.add(command);
  }

  /** A partition is served from now on: every session of its members begins now. */
  opened(shard: Shard<GroupShard>): void {
    const { clock } = this.#places.options;
    const timers = new MemberTimers(clock, (groupId) => this.#expire({ shard, groupId }));
    const groups: ShardGroups = { turns: new Map(), timers, stale: new Set() };
    this.#shards.set(shard, groups);
    for (const { groupId, consumer } of shard.state.stored.values()) {
      if (!consumer) continue;
      groups.stale.add(groupId);
      const { sessionTimeoutMs } = this.#places.options.consumerLimits(groupId);
      for (const { memberId, classic, state, rebalanceTimeoutMs } of consumer.members.values()) {
        const delayMs = classic?.sessionTimeoutMs ?? sessionTimeoutMs;
        timers.take(groupId, { memberId, kind: 'session', delayMs });
        if (!classic && state === memberStates.unrevoked && rebalanceTimeoutMs >= 0)
          timers.take(groupId, { memberId, kind: 'rebalance', delayMs: rebalanceTimeoutMs });
      }
    }
  }

  resigned(shard: Shard<GroupShard>): void {
    this.#shards.get(shard)?.timers.clear();
    this.#shards.delete(shard);
  }

  /** The topics of the cluster are not what they were: with its next heartbeat each group looks at those that it reads. */
  topicsChanged(): void {
    for (const [{ state }, { stale }] of this.#shards)
      for (const { groupId, consumer } of state.stored.values()) if (consumer) stale.add(groupId);
  }

  /** Whether a member of the group reads the topic. */
  isSubscribed({ shard, groupId }: Place, topic: string): boolean {
    const consumer = shard.state.stored.get(groupId)?.consumer;
    return consumer !== undefined && isSubscribed(consumer, topic);
  }

  #context(groupId: string): ConsumerContext {
    const { consumerLimits, topics, clock } = this.#places.options;
    return { limits: consumerLimits(groupId), topics: topics(), nowMs: clock.now() };
  }

  #draft({ shard, groupId }: Place): ConsumerDraft {
    const { consumer } = shard.state.stored.get(groupId) ?? {};
    const isStale = this.#shards.get(shard)?.stale.has(groupId) ?? false;
    return new ConsumerDraft(groupId, consumer, this.#context(groupId), isStale);
  }

  #turn(place: Place, turns: GroupTurns<ConsumerCommand>, commands: ConsumerCommand[]): Promise<void> | undefined {
    const takeover = this.#takeover(place, commands);
    const needsQuiet = takeover !== undefined || commands.some((command) => command.needsQuiet);
    if (!needsQuiet) return this.#carryOut(place, turns, commands, undefined);
    return place.shard.writes.whenSettled().then(() => this.#carryOut(place, turns, commands, takeover));
  }

  /** A member comes to a classic group: it is closed, and whoever waits in it is told to join again. */
  #takeover({ shard, groupId }: Place, commands: readonly ConsumerCommand[]): Takeover | undefined {
    const { stored, soft } = shard.state;
    if (stored.get(groupId)?.consumer || !commands[0]?.isJoin) return undefined;
    const round = soft.roundOf(groupId);
    if (!round || round.phase === 'Dead') return undefined;
    if (refusalOfUpgrade(groupId, round, this.#context(groupId).limits)) return undefined;
    return { round, reopen: this.#classic.surrender({ shard, groupId }) };
  }

  #carryOut(
    place: Place,
    turns: GroupTurns<ConsumerCommand>,
    commands: readonly ConsumerCommand[],
    takeover: Takeover | undefined,
  ): Promise<void> | undefined {
    const draft = this.#draft(place);
    if (takeover) this.#upgrade(place, draft, takeover.round);
    const settles = planAll(draft, commands, (left) => turns.putBack(left));
    const records = draft.allRecords;
    const groups = this.#shards.get(place.shard);
    if (!groups) {
      for (const settle of settles) settle(errorCode.NOT_COORDINATOR);
      return undefined;
    }
    if (records.length > 0) return this.#write(place, draft, records, settles, takeover);
    takeover?.reopen();
    if (!draft.wantsRefresh) groups.stale.delete(place.groupId);
    for (const change of draft.timers) groups.timers.take(place.groupId, change);
    for (const settle of settles) settle(errorCode.NONE);
    return undefined;
  }

  /** The partition is led elsewhere by now. */
  #refuse(place: Place, command: ConsumerCommand): void {
    const draft = this.#draft(place);
    const planned = command.plan(draft);
    const settle = 'later' in planned ? planned.later(draft) : planned;
    settle(errorCode.NOT_COORDINATOR);
  }

  #upgrade({ shard, groupId }: Place, draft: ConsumerDraft, round: Round): void {
    const membership = shard.state.stored.get(groupId)?.membership;
    if (!membership) return;
    const generationId = Math.max(round.generationId, membership.generationId);
    if (membership.members.length > 0 && !planUpgrade(draft, membership, generationId)) {
      const text = `Cannot upgrade the classic group ${groupId} to consumer group because the embedded consumer protocol is malformed.`;
      draft.barred = new Refusal(errorCode.GROUP_ID_NOT_FOUND, text);
      return;
    }
    draft.before.push({ kind: 'membership', groupId, membership: null, writtenAtMs: draft.context.nowMs });
  }

  async #write(
    { shard, groupId }: Place,
    draft: ConsumerDraft,
    records: readonly GroupRecord[],
    settles: readonly Settle[],
    takeover: Takeover | undefined,
  ): Promise<void> {
    const code = await this.#places.runtime.write(shard, records);
    const groups = this.#shards.get(shard);
    if (code === errorCode.NONE) {
      if (takeover) shard.state.soft.remove(groupId);
      if (!draft.wantsRefresh) groups?.stale.delete(groupId);
      for (const change of draft.timers) groups?.timers.take(groupId, change);
      if (draft.successor) {
        groups?.timers.forget(groupId);
        groups?.stale.delete(groupId);
        this.#classic.adopt({ shard, groupId }, draft.successor.wantsRebalance);
      }
    } else takeover?.reopen();
    for (const settle of settles) settle(code);
  }

  #expire(place: Place): void {
    const groups = this.#shards.get(place.shard);
    this.perform(place, {
      plan: (draft) => {
        const due = groups?.timers.due(place.groupId) ?? [];
        const late = new Set<string>();
        for (const { memberId, kind } of due) {
          const member = draft.group.members.get(memberId);
          // What it waits for may have come in this very turn.
          const hasCome = draft.timers.some((change) => change.memberId === memberId && change.kind === kind);
          if (hasCome || !member) continue;
          if (kind !== 'rebalance' || member.state === memberStates.unrevoked) late.add(memberId);
        }
        if (late.size > 0) removeOrDowngrade(draft, [...late]);
        return (code) => {
          // Not written: they are late again soon.
          if (code === errorCode.NONE) return;
          for (const { memberId, kind } of due)
            groups?.timers.take(place.groupId, { memberId, kind, delayMs: retryMs });
        };
      },
    });
  }
}

/** Plans commands in order; what is left when the group has become another one is for the next turn. */
function planAll(
  draft: ConsumerDraft,
  commands: readonly ConsumerCommand[],
  putBack: (left: readonly ConsumerCommand[]) => void,
): Settle[] {
  const settles: Settle[] = [];
  let pending: PlannedLater[] = [];
  const finish = (): void => {
    if (pending.length > 0) makeTargets(draft);
    for (const { later } of pending) settles.push(later(draft));
    pending = [];
  };
  for (const [index, command] of commands.entries()) {
    if (!command.isBeat) finish();
    const planned = command.plan(draft);
    if ('later' in planned) pending.push(planned);
    else settles.push(planned);
    if (!draft.successor) continue;
    putBack(commands.slice(index + 1));
    break;
  }
  finish();
  return settles;
}

/** After this a member that was late and could not be taken out is looked at again. */
const retryMs = 1_000;

/** What a member of a group is told that is not of the consumer protocol. */
export function refusalOfOtherKind(groupId: string, round: Round = emptyRound): Refusal {
  if (round.phase === 'Dead')
    return new Refusal(errorCode.COORDINATOR_NOT_AVAILABLE, `Group ${groupId} is being changed.`);
  return new Refusal(errorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);
}
