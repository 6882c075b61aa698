import { RE2JS } from 're2js';
import type { ConsumerGroup, ConsumerMember, ResolvedRegex } from './consumer-group.ts';
import type { GroupTopics } from './group-topics.ts';

/** Ids of the topics that a member reads and that exist. A regular expression that nobody has resolved yet stands for none. */
export function topicIdsOf(
  { topicNames, topicRegex }: ConsumerMember,
  regexes: ConsumerGroup['regexes'],
  topics: GroupTopics,
): ReadonlySet<string> {
  const ids = new Set<string>();
  const addAll = (names: Iterable<string>): void => {
    for (const name of names) {
      const topic = topics.topics.get(name);
      if (topic) ids.add(topic.id);
    }
  };
  addAll(topicNames);
  if (topicRegex) addAll(regexes.get(topicRegex)?.topics ?? []);
  return ids;
}

/** Whether some member reads the topic, whether it exists or not. */
export function isSubscribed({ members, regexes }: ConsumerGroup, topic: string): boolean {
  for (const { topicNames, topicRegex } of members.values()) {
    if (topicNames.includes(topic)) return true;
    if (topicRegex && regexes.get(topicRegex)?.topics.has(topic)) return true;
  }
  return false;
}

/** A number for the topics that a group reads: a topic that comes, goes, or gets partitions makes another one. 0: none. */
export function metadataHashOf({ members, regexes }: ConsumerGroup, topics: GroupTopics): number {
  const names = new Set<string>();
  for (const { topicNames, topicRegex } of members.values()) {
    for (const name of topicNames) names.add(name);
    if (topicRegex) for (const name of regexes.get(topicRegex)?.topics ?? []) names.add(name);
  }
  const ids = [...names].flatMap((name) => topics.topics.get(name)?.id ?? []);
  if (ids.length === 0) return 0;
  const texts = ids.sort().map((id) => `${id} ${topics.topicsById.get(id)?.partitions.length}`);
  return hashOf(texts.join('\n'));
}

/** FNV-1a in two halves of 26 bits: a number holds it exactly. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(index), 0x0100019f);
  }
  return (high >>> 6) * 2 ** 26 + (low >>> 6) + 1;
}

/** Why a regular expression cannot be used, in RE2's words; undefined when it can. */
export function regexFault(regex: string): string | undefined {
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The topics whose whole names an expression matches, of those that who asks may know of. */
export function resolveRegex(
  regex: string,
  topics: GroupTopics,
  mayDescribe: (topic: string) => boolean,
  nowMs: number,
): ResolvedRegex {
  const pattern = RE2JS.compile(regex);
  const names = [...topics.topics.keys()].filter((name) => pattern.matches(name) && mayDescribe(name));
  return { topics: new Set(names.sort()), version: topics.offset, timestampMs: nowMs };
}
