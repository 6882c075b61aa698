import type { PartitionRegistration } from '../topics/topics-image.ts';

/** Rules of one election. */
export interface Election {
  /** Whether a broker may lead now. */
  readonly isAcceptable: (brokerId: number) => boolean;
  /** Take the preferred leader if it may lead, rather than keep the present one. */
  readonly preferred?: boolean;
  /** Whether a replica that may lack committed records may lead (`unclean.leader.election.enable`). */
  readonly allowUnclean: boolean;
}

export interface Elected {
  /** -1: nobody may lead. */
  readonly leader: number;
  /** Taken from the eligible replicas: it joins the in-sync set. */
  readonly fromElr: boolean;
  /** It may lack committed records; the in-sync set begins anew with it. */
  readonly isUnclean: boolean;
}

/**
 * Chooses a leader: the present one while it may lead, then in the order of the replicas an in-sync one, then an eligible
 * one (KIP-966). With neither left, the last known leader is taken back, since nobody else can know more. Anybody else
 * only if unclean elections are allowed.
 */
export function electLeader(
  { isAcceptable, preferred, allowUnclean }: Election,
  partition: PartitionRegistration,
  isr: readonly number[],
  elr: readonly number[],
): Elected {
  const canLead = (replica: number) => isr.includes(replica) && isAcceptable(replica);
  const first = partition.replicas[0];
  if (preferred && first !== undefined && canLead(first)) return clean(first);
  if (canLead(partition.leader)) return clean(partition.leader);
  const inSync = partition.replicas.find(canLead);
  if (inSync !== undefined) return clean(inSync);
  const eligible = partition.replicas.find((replica) => elr.includes(replica) && isAcceptable(replica));
  if (eligible !== undefined) return { leader: eligible, fromElr: true, isUnclean: false };
  const last = partition.lastKnownElr[0];
  const isExhausted = isr.length === 0 && elr.length === 0;
  if (isExhausted && last !== undefined && isAcceptable(last)) return unclean(last);
  const any = allowUnclean ? partition.replicas.find(isAcceptable) : undefined;
  return any === undefined ? clean(-1) : unclean(any);
}

function clean(leader: number): Elected {
  return { leader, fromElr: false, isUnclean: false };
}

function unclean(leader: number): Elected {
  return { leader, fromElr: false, isUnclean: true };
}
