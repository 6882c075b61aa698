import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { uuidFromRandom } from '../../../protocol/uuid.ts';
import type { LeaveAnswer } from '../classic/classic-groups.ts';
import type { JoinCommand } from '../classic/join.ts';
import type { MemberClaim } from '../classic/member-check.ts';
import { refusedJoin, refusedSync } from '../classic/rebalance.ts';
import type { JoinAnswer, SyncAnswer } from '../classic/round.ts';
import type { SyncCommand } from '../classic/sync.ts';
import type { GroupPlaces, Place } from '../group-place.ts';
import type { GroupRecord } from '../group-records.ts';
import { classicLeavers, planClassicHeartbeat, planClassicJoin, planClassicSync } from './classic-member.ts';
import { joiningEpoch, leavingEpoch } from './consumer-group.ts';
import type { ConsumerGroups, Settle } from './consumer-groups.ts';
import { refusalOfOtherKind } from './consumer-groups.ts';
import type { ConsumerDraft } from './draft.ts';
import { Refusal } from './draft.ts';
import type { HeartbeatAnswer } from './heartbeat.ts';
import { LaterAnswer, planHeartbeat, planLeaveOf } from './heartbeat.ts';
import type { HeartbeatCommand } from './heartbeat-request.ts';
import { refusalOfRequest } from './heartbeat-request.ts';
import { dissolve } from './leave.ts';
import { downgradeAfterReplacement, refusalOfUpgrade, removeOrDowngrade } from './migrate.ts';

/** Longest wait for a turn and its write before the client is told to try again (Kafka's offsets.commit.timeout.ms). */
const answerWaitMsMax = 5_000;

/** Where a request of the classic protocol goes that finds a group which is none of the consumer protocol any more. */
type Elsewhere<T> = () => Promise<T> | T;

/** What a request is answered with, now or when the targets are made; or where it goes instead. */
type Planned<T> = T | Refusal | Elsewhere<T> | LaterAnswer;

/** The requests that reach groups of the consumer protocol, of members of both protocols. */
export class ConsumerRequests {
  readonly #places: GroupPlaces;
  readonly #groups: ConsumerGroups;

  constructor(places: GroupPlaces, groups: ConsumerGroups) {
    this.#places = places;
    this.#groups = groups;
  }

  /** ConsumerGroupHeartbeat. */
  heartbeat(command: Omit<HeartbeatCommand, 'newMemberId'>): Promise<HeartbeatAnswer> | HeartbeatAnswer {
    const { groupId, memberEpoch } = command.request;
    const newMemberId = uuidFromRandom(this.#places.options.random.bytes(16));
    const complete = { ...command, newMemberId };
    const invalid = refusalOfRequest(complete, this.#places.options.consumerLimits(groupId));
    if (invalid) return refusedHeartbeat(invalid.code, invalid.message);
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return refusedHeartbeat(place);
    const isJoin = memberEpoch === joiningEpoch;
    return this.#answered<HeartbeatAnswer>(place, refusedHeartbeat, {
      isJoin,
      isBeat: memberEpoch > leavingEpoch,
      plan: (draft) => {
        if (draft.barred) return draft.barred;
        if (!draft.isThere) {
          const refusal = this.#refusalOfMissing(place, memberEpoch);
          if (refusal) return refusal;
        }
        if (memberEpoch > leavingEpoch) return planHeartbeat(draft, complete);
        const leaving = planLeaveOf(draft, command.request);
        if (leaving instanceof Refusal) return leaving;
        if (leaving.gone !== undefined) removeOrDowngrade(draft, [leaving.gone]);
        return leaving.answer;
      },
    });
  }

  /** JoinGroup to a group of the consumer protocol. An empty one makes way for a classic group. */
  join(place: Place, command: JoinCommand, elsewhere: Elsewhere<JoinAnswer>): Promise<JoinAnswer> {
    const refuse = (code: ErrorCode, memberId: string): JoinAnswer =>
      refusedJoin(code, code === errorCode.MEMBER_ID_REQUIRED ? memberId : command.memberId);
    return this.#answered<JoinAnswer>(place, refuse, {
      plan: (draft) => {
        if (!draft.isThere) return elsewhere;
        if (draft.group.members.size === 0) {
          dissolve(draft);
          draft.successor = { membership: null, wantsRebalance: false };
          return elsewhere;
        }
        const plan = planClassicJoin(draft, command);
        if (plan instanceof Refusal) return plan;
        if (plan.hasReplaced) downgradeAfterReplacement(draft);
        return plan.answer;
      },
    });
  }

  sync(place: Place, command: SyncCommand, elsewhere: Elsewhere<SyncAnswer>): Promise<SyncAnswer> {
    return this.#answered<SyncAnswer>(place, refusedSync, {
      plan: (draft) => (draft.isThere ? planClassicSync(draft, command) : elsewhere),
    });
  }

  /** Heartbeat of the classic protocol. */
  classicHeartbeat(
    place: Place,
    claim: MemberClaim,
    generationId: number,
    elsewhere: Elsewhere<ErrorCode>,
  ): Promise<ErrorCode> {
    return this.#answered<ErrorCode>(place, (code) => code, {
      plan: (draft) => (draft.isThere ? planClassicHeartbeat(draft, claim, generationId) : elsewhere),
    });
  }

  leave(place: Place, claims: readonly MemberClaim[], elsewhere: Elsewhere<LeaveAnswer>): Promise<LeaveAnswer> {
    return this.#answered<LeaveAnswer>(place, (code) => ({ errorCode: code, members: [] }), {
      plan: (draft) => {
        if (!draft.isThere) return elsewhere;
        const { memberIds, codes } = classicLeavers(draft, claims);
        if (memberIds.length > 0) removeOrDowngrade(draft, memberIds);
        return { errorCode: errorCode.NONE, members: codes };
      },
    });
  }

  /** Deletes a group without members, with its offsets: `tombstones` names them. */
  delete(place: Place, tombstones: () => readonly GroupRecord[], elsewhere: Elsewhere<ErrorCode>): Promise<ErrorCode> {
    return this.#answered<ErrorCode>(place, (code) => code, {
      needsQuiet: true,
      plan: (draft) => {
        if (!draft.isThere) return elsewhere;
        if (draft.group.members.size > 0) return errorCode.NON_EMPTY_GROUP;
        draft.before.push(...tombstones());
        dissolve(draft);
        draft.successor = { membership: null, wantsRebalance: false };
        return errorCode.NONE;
      },
    });
  }

  /** Calls when nothing of the group is on its way: what was planned before has been written, or could not be. */
  inTurn<T>(place: Place, act: () => Promise<T> | T): Promise<T> {
    return new Promise((resolve) => {
      this.#groups.perform(place, { plan: () => () => resolve(act()) });
    });
  }

  /** A group that is none of the consumer protocol: only who joins can make it one, and only where that is allowed. */
  #refusalOfMissing({ shard, groupId }: Place, memberEpoch: number): Refusal | undefined {
    const isJoin = memberEpoch === joiningEpoch;
    const round = shard.state.soft.roundOf(groupId);
    const isKnown = round !== undefined || shard.state.stored.has(groupId);
    const kind = memberEpoch > joiningEpoch ? 'Consumer group' : 'Group';
    if (!isKnown && !isJoin) return new Refusal(errorCode.GROUP_ID_NOT_FOUND, `${kind} ${groupId} not found.`);
    if (!isJoin) return refusalOfOtherKind(groupId, round);
    if (!round) return undefined;
    if (round.phase === 'Dead' && round.members.size === 0) return undefined;
    return refusalOfUpgrade(groupId, round, this.#places.options.consumerLimits(groupId));
  }

  #answered<T>(
    place: Place,
    refuse: (code: ErrorCode, message: string) => T,
    command: {
      readonly plan: (draft: ConsumerDraft) => Planned<T>;
      readonly isJoin?: boolean;
      readonly isBeat?: boolean;
      readonly needsQuiet?: boolean;
    },
  ): Promise<T> {
    const { clock, isInTouch } = this.#places.options;
    // A coordinator that was replaced without knowing it would go on to let members have what others are given by now.
    if (!isInTouch()) return Promise.resolve(refuse(errorCode.NOT_COORDINATOR, ''));
    return new Promise((resolve) => {
      const late = (): void => resolve(refuse(errorCode.COORDINATOR_NOT_AVAILABLE, ''));
      const cancel = clock.after(answerWaitMsMax, late);
      const answer = (value: T | Promise<T>): void => {
        cancel();
        resolve(value);
      };
      const { isJoin = false, isBeat = false, needsQuiet = false } = command;
      const settleOf =
        (planned: T | Refusal | Elsewhere<T>): Settle =>
        (code) => {
          // What was refused may have been so for what is not written now.
          if (code !== errorCode.NONE) answer(refuse(code, ''));
          else if (planned instanceof Refusal) answer(refuse(planned.code, planned.message));
          else answer(typeof planned === 'function' ? (planned as Elsewhere<T>)() : planned);
        };
      this.#groups.perform(place, {
        isJoin,
        isBeat,
        needsQuiet,
        plan: (draft) => {
          const planned = command.plan(draft);
          if (!(planned instanceof LaterAnswer)) return settleOf(planned);
          return { later: (later) => settleOf(planned.finish(later) as T) };
        },
      });
    });
  }
}

function refusedHeartbeat(code: ErrorCode, message = ''): HeartbeatAnswer {
  return {
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage: message || null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
  };
}
