import { consumerProtocolType, readSubscription } from './consumer-embedded.ts';
import type { Round } from './round.ts';
import { metadataOf } from './round.ts';

/** Topics that the members of a classic group of consumers read; undefined when they cannot be known: all of them may be read. */
export function subscribedTopics({ members, protocolType, protocolName }: Round): ReadonlySet<string> | undefined {
  if (members.size === 0) return new Set();
  if (protocolType !== consumerProtocolType) return undefined;
  const topics = new Set<string>();
  for (const member of members.values()) {
    const [first] = member.protocols;
    const subscription = readSubscription(metadataOf(member, protocolName ?? first?.name ?? null));
    if (!subscription) return undefined;
    for (const topic of subscription.topics) topics.add(topic);
  }
  return topics;
}
