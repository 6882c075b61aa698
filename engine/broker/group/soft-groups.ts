import type { ClassicPlan, ClassicView } from './classic/plan.ts';
import type { Member, Round } from './classic/round.ts';
import { emptyRound, roundFrom } from './classic/round.ts';
import type { Membership, StoredGroups } from './stored-group.ts';

interface SoftGroup {
  round: Round;
  readonly sessions: Map<string, number>;
}

const noSessions: ReadonlyMap<string, number> = new Map();

/**
 * What the coordinator of a partition's groups knows beyond what is stored: rounds and sessions. It is lost with the coordinator and
 * made anew from what is stored (`restore`). The methods of this class are the one place where it changes.
 */
export class SoftGroups {
  readonly #groups = new Map<string, SoftGroup>();

  /** The group's round; undefined for a group that nobody has joined and that has no stored membership. */
  roundOf(groupId: string): Round | undefined {
    return this.#groups.get(groupId)?.round;
  }

  /** Ids of the groups that have a round. */
  ids(): Iterable<string> {
    return this.#groups.keys();
  }

  viewOf(groupId: string, stored: StoredGroups): ClassicView {
    const known = this.#groups.get(groupId);
    return {
      round: known?.round ?? emptyRound,
      sessions: known?.sessions ?? noSessions,
      membership: stored.get(groupId)?.membership,
    };
  }

  /** Makes the rounds of the groups that were read back; every member's session starts now. */
  restore(stored: StoredGroups, nowMs: number): void {
    this.#groups.clear();
    for (const { groupId, membership } of stored.values()) this.adopt(groupId, membership, nowMs);
  }

  /** Makes the round of a group anew from what is stored; every member's session starts now. Without a membership there is none. */
  adopt(groupId: string, membership: Membership | undefined, nowMs: number): void {
    this.#groups.delete(groupId);
    if (!membership) return;
    const round = roundFrom(membership);
    const sessions = [...round.members.values()].map(
      ({ memberId, sessionTimeoutMs }) => [memberId, nowMs + sessionTimeoutMs] as const,
    );
    this.#groups.set(groupId, { round, sessions: new Map(sessions) });
  }

  /** Takes over what was planned. */
  take(groupId: string, { round, alive }: ClassicPlan, nowMs: number): void {
    let group = this.#groups.get(groupId);
    if (group) group.round = round;
    else {
      group = { round, sessions: new Map() };
      this.#groups.set(groupId, group);
    }
    for (const memberId of group.sessions.keys()) if (!round.members.has(memberId)) group.sessions.delete(memberId);
    for (const memberId of alive) {
      const member = round.members.get(memberId);
      if (member) group.sessions.set(memberId, nowMs + member.sessionTimeoutMs);
    }
  }

  /** A member has shown that it lives. */
  heard(groupId: string, { memberId, sessionTimeoutMs }: Member, nowMs: number): void {
    this.#groups.get(groupId)?.sessions.set(memberId, nowMs + sessionTimeoutMs);
  }

  /** The group is being deleted, so that nobody may join it or commit to it; returns what takes that back. */
  close(groupId: string): () => void {
    const before = this.#groups.get(groupId);
    const closed: SoftGroup = { round: { ...(before?.round ?? emptyRound), phase: 'Dead' }, sessions: new Map() };
    this.#groups.set(groupId, closed);
    return () => {
      if (this.#groups.get(groupId) !== closed) return;
      if (before) this.#groups.set(groupId, before);
      else this.#groups.delete(groupId);
    };
  }

  /** The group is no more. */
  remove(groupId: string): void {
    this.#groups.delete(groupId);
  }
}
