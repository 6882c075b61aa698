import type { Assigned, CommitAcked, History, OffsetsSeen } from '../clients/history.ts';
import type { Report } from './check-final.ts';

/** Groups: one owner of a partition in a generation, generations that are not reused, committed offsets that stay. */
export function checkGroups({ assignments, commits, offsetsSeen }: History, report: Report): void {
  checkOwners(assignments, report);
  checkOffsets(commits, offsetsSeen, report);
}

function checkOwners(assignments: readonly Assigned[], report: Report): void {
  const owners = new Map<string, string>();
  for (const { group, generation, member, partitions } of assignments)
    for (const partition of partitions) {
      const key = `${partition} in generation ${generation} of ${group}`;
      const owner = owners.get(key) ?? member;
      if (owner !== member) report('groups', `${key} belongs to ${owner} and to ${member}`);
      owners.set(key, owner);
    }
}

/**
 * How long a coordinator that is one no more may tell what it knew, in ms: as Kafka's, it does not know it before it hears of the
 * quorum again, and it keeps silent once it has heard nothing for the session of a broker.
 */
const staleMsMax = 3_000;

/** A member that has just joined must be told no less than what was acknowledged before it asked. */
function checkOffsets(commits: readonly CommitAcked[], seen: readonly OffsetsSeen[], report: Report): void {
  for (const { group, key, offset, askedAtMs, isFormer } of seen) {
    const knownAtMs = isFormer ? askedAtMs - staleMsMax : askedAtMs;
    for (const commit of commits)
      if (commit.group === group && commit.key === key && commit.ackedAtMs < knownAtMs && commit.offset > offset)
        report(
          'groups',
          `${group} had ${commit.offset} of ${key} acknowledged at ${commit.ackedAtMs.toFixed(0)} ms (${commit.member}, generation ${commit.generation}); asked at ${askedAtMs.toFixed(0)} ms ${isFormer ? 'its former coordinator' : 'its coordinator'} has ${offset}`,
        );
  }
}
