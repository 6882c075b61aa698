import type { PartitionRules } from './partition-rules.ts';

/** Rules of one election. */
export interface Election extends PartitionRules {
  /** Take the preferred leader if it may lead, rather than keep the present one. */
  readonly preferred?: boolean;
}

/** Who there is to elect from. */
export interface Candidates {
  /** In the order in which they are asked. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** They are asked only where nobody is in sync. */
  readonly elr: readonly number[];
  readonly leader: number;
  readonly lastKnownElr: readonly number[];
}

export interface Elected {
  /** -1: nobody may lead. */
  readonly leader: number;
  /** It may lack committed records; the in-sync set begins anew with it. */
  readonly isUnclean: boolean;
}

/**
 * Chooses a leader: the present one while it may lead, then in the order of the replicas an in-sync one, or an eligible
 * one where nobody is in sync (KIP-966). With neither left, the last known leader is taken back, since nobody else can know
 * more. Anybody else only if unclean elections are allowed.
 */
export function electLeader(election: Election, candidates: Candidates): Elected {
  const { isAcceptable, preferred, allowUnclean } = election;
  const { replicas, isr, elr, leader } = candidates;
  const from = isr.length > 0 ? isr : elr;
  const canLead = (replica: number) => from.includes(replica) && isAcceptable(replica);
  const first = replicas[0];
  if (preferred && first !== undefined && canLead(first)) return { leader: first, isUnclean: false };
  if (canLead(leader)) return { leader, isUnclean: false };
  const clean = replicas.find(canLead);
  if (clean !== undefined) return { leader: clean, isUnclean: false };
  const unclean = lastLeader(election, candidates) ?? (allowUnclean ? replicas.find(isAcceptable) : undefined);
  return unclean === undefined ? { leader: -1, isUnclean: false } : { leader: unclean, isUnclean: true };
}

function lastLeader({ hasElr, isAcceptable }: Election, candidates: Candidates): number | undefined {
  const { isr, elr, lastKnownElr } = candidates;
  const [last] = lastKnownElr;
  const isKnown = lastKnownElr.length === 1 && last !== undefined && isAcceptable(last);
  return hasElr && isr.length === 0 && elr.length === 0 && isKnown ? last : undefined;
}
