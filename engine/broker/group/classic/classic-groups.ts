import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { Deadlines } from '../../coordinator/deadlines.ts';
import type { Shard } from '../../coordinator/shard.ts';
import type { GroupShard } from '../group-machine.ts';
import type { GroupPlaces, Place } from '../group-place.ts';
import { exists } from '../group-place.ts';
import { nextDeadlineMs, planExpiry } from './expire.ts';
import { heartbeat } from './heartbeat.ts';
import type { JoinCommand } from './join.ts';
import { planJoin } from './join.ts';
import { planLeave } from './leave.ts';
import type { MemberClaim } from './member-check.ts';
import type { ClassicPlan, ClassicView, MembershipWrite, PlanContext } from './plan.ts';
import { planRebalance, refusedJoin, refusedSync } from './rebalance.ts';
import type { JoinAnswer, SyncAnswer } from './round.ts';
import { emptyRound } from './round.ts';
import type { SyncCommand } from './sync.ts';
import { planSync } from './sync.ts';

/** What a leave is answered with: the group's error code, then one for each member. */
export interface LeaveAnswer {
  readonly errorCode: ErrorCode;
  readonly members: readonly ErrorCode[];
}

/**
 * Carries out the plans of the classic protocol: takes over the next round, writes, answers, keeps deadlines.
 */
export class ClassicGroups {
  readonly #places: GroupPlaces;
  /** By shard, as two partitions may not share a timer that outlives one of them. */
  readonly #deadlines = new Map<Shard<GroupShard>, Deadlines<string>>();

  constructor(places: GroupPlaces) {
    this.#places = places;
  }

  /** JoinGroup. Resolves when the rebalance is over. */
  join(groupId: string, command: Omit<JoinCommand, 'newMemberId'>): Promise<JoinAnswer> | JoinAnswer {
    const place = this.#places.ofMembers(groupId);
    if (typeof place === 'number') return refusedJoin(place, command.memberId);
    if (command.memberId !== '' && !exists(place)) return refusedJoin(errorCode.UNKNOWN_MEMBER_ID, command.memberId);
    const newMemberId = `${command.groupInstanceId ?? command.clientId}-${this.#places.newId()}`;
    return new Promise((answer) => {
      this.#perform(place, (view, context) => planJoin(view, context, { ...command, newMemberId }, answer));
    });
  }

  /** SyncGroup. Resolves when the leader's assignments are written. */
  sync(groupId: string, command: SyncCommand): Promise<SyncAnswer> | SyncAnswer {
    const place = this.#places.existing(groupId);
    if (typeof place === 'number')
      return refusedSync(place === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.REBALANCE_IN_PROGRESS : place);
    return new Promise((answer) => {
      this.#perform(place, (view, context) => planSync(view, context, command, answer));
    });
  }

  heartbeat(groupId: string, claim: MemberClaim, generationId: number): ErrorCode {
    const place = this.#places.existing(groupId);
    if (typeof place === 'number') return place === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.NONE : place;
    const { soft } = place.shard.state;
    const { errorCode: code, heard } = heartbeat(soft.roundOf(groupId) ?? emptyRound, claim, generationId);
    if (heard) soft.heard(groupId, heard, this.#nowMs);
    return code;
  }

  leave(groupId: string, claims: readonly MemberClaim[]): LeaveAnswer {
    const place = this.#places.ofMembers(groupId);
    if (typeof place === 'number') return { errorCode: place, members: [] };
    if (!exists(place)) return { errorCode: errorCode.NONE, members: claims.map(() => errorCode.UNKNOWN_MEMBER_ID) };
    let members: readonly ErrorCode[] = [];
    this.#perform(place, (view, context) => {
      const { plan, codes } = planLeave(view, context, claims);
      members = codes;
      return plan;
    });
    return { errorCode: errorCode.NONE, members };
  }

  /**
   * The group is about to be turned into one of another protocol: whoever waits in it is told to join again, and nobody may join
   * meanwhile. Returns what takes that back.
   */
  surrender({ shard, groupId }: Place): () => void {
    const { soft } = shard.state;
    const members = [...(soft.roundOf(groupId)?.members.values() ?? [])];
    soft.close(groupId);
    for (const { memberId, awaitingJoin, awaitingSync } of members) {
      awaitingJoin?.(refusedJoin(errorCode.REBALANCE_IN_PROGRESS, memberId));
      awaitingSync?.(refusedSync(errorCode.REBALANCE_IN_PROGRESS));
    }
    return () => this.adopt({ shard, groupId }, members.length > 0);
  }

  /** The group is a classic one again, or for the first time: with the members that are stored, or none. */
  adopt(place: Place, wantsRebalance: boolean): void {
    const { shard, groupId } = place;
    shard.state.soft.adopt(groupId, shard.state.stored.get(groupId)?.membership, this.#nowMs);
    if (wantsRebalance && shard.state.soft.roundOf(groupId)?.members.size) this.#perform(place, planRebalance);
    this.#arm(place);
  }

  /** A partition is served from now on: the rounds of its groups begin with what is stored. */
  opened(shard: Shard<GroupShard>): void {
    const { stored, soft } = shard.state;
    const { clock } = this.#places.options;
    soft.restore(stored, clock.monotonic());
    const expire = (groupId: string): void => {
      if (soft.roundOf(groupId)) this.#perform({ shard, groupId }, planExpiry);
    };
    this.#deadlines.set(shard, new Deadlines(clock, expire));
    for (const groupId of soft.ids()) this.#arm({ shard, groupId });
  }

  /** A partition is served no longer: whoever waits is sent away. */
  resigned(shard: Shard<GroupShard>): void {
    this.#deadlines.get(shard)?.clearAll();
    this.#deadlines.delete(shard);
    const { soft } = shard.state;
    for (const groupId of [...soft.ids()]) {
      for (const { memberId, awaitingJoin, awaitingSync } of soft.roundOf(groupId)?.members.values() ?? []) {
        awaitingJoin?.(refusedJoin(errorCode.NOT_COORDINATOR, memberId));
        awaitingSync?.(refusedSync(errorCode.NOT_COORDINATOR));
      }
      soft.remove(groupId);
    }
  }

  get #nowMs(): number {
    return this.#places.options.clock.monotonic();
  }

  /** Plans on a group and carries the plan out: its next round first, then the write, then the answers. */
  #perform(place: Place, decide: (view: ClassicView, context: PlanContext) => ClassicPlan | undefined): void {
    const { shard, groupId } = place;
    if (shard.phase !== 'active') return;
    const { stored, soft } = shard.state;
    const nowMs = this.#nowMs;
    const plan = decide(soft.viewOf(groupId, stored), { limits: this.#places.options.limits, nowMs });
    if (!plan) return;
    soft.take(groupId, plan, nowMs);
    if (plan.write) void this.#writeMembership(place, plan.write);
    for (const answer of plan.answers) answer();
    this.#arm(place);
  }

  async #writeMembership(place: Place, { membership, settled }: MembershipWrite): Promise<void> {
    const { groupId, shard } = place;
    const writtenAtMs = this.#places.options.clock.now();
    const code = await this.#places.runtime.write(shard, [{ kind: 'membership', groupId, membership, writtenAtMs }]);
    if (settled) this.#perform(place, (view, context) => settled(view, context, code));
  }

  #arm({ shard, groupId }: Place): void {
    const { soft, stored } = shard.state;
    const { round, sessions } = soft.viewOf(groupId, stored);
    this.#deadlines.get(shard)?.set(groupId, nextDeadlineMs(round, sessions));
  }
}
