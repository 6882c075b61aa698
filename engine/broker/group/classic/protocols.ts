import type { Member, Protocol } from './round.ts';

/** Who agrees on a protocol. */
interface Negotiators {
  readonly members: ReadonlyMap<string, Pick<Member, 'protocols'>>;
  readonly protocolType: string | null;
}

/** Names of the protocols that every member supports, in the order of the first member's preference. */
function commonProtocols({ members }: Negotiators): string[] {
  const [first, ...others] = [...members.values()];
  if (!first) return [];
  const names = first.protocols.map((protocol) => protocol.name);
  return names.filter((name) => others.every((member) => member.protocols.some((protocol) => protocol.name === name)));
}

/** Whether a member with these protocols can be in the group. */
export function supportsProtocols(round: Negotiators, protocolType: string, protocols: readonly Protocol[]): boolean {
  if (protocolType === '' || protocols.length === 0) return false;
  if (round.members.size === 0) return true;
  const common = new Set(commonProtocols(round));
  return round.protocolType === protocolType && protocols.some((protocol) => common.has(protocol.name));
}

/** The protocol that most members prefer among those that all support; ties go to the one preferred first. */
export function electProtocol(round: Negotiators): string {
  const common = commonProtocols(round);
  const votes = new Map(common.map((name) => [name, 0]));
  for (const member of round.members.values()) {
    const choice = member.protocols.find((protocol) => votes.has(protocol.name));
    if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  return common.reduce(
    (best, name) => ((votes.get(name) ?? 0) > (votes.get(best) ?? 0) ? name : best),
    common[0] ?? '',
  );
}

/** Whether the member has offered exactly these protocols before. */
export function hasSameProtocols(member: Member, protocols: readonly Protocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((known, index) => {
      const offered = protocols[index];
      return offered?.name === known.name && offered.metadata.equals(known.metadata);
    })
  );
}
