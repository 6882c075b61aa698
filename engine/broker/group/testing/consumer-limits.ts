import { assignorsOf } from '../consumer/consumer-settings.ts';
import type { ConsumerGroupLimits } from '../consumer/draft.ts';
import type { GroupTopics } from '../consumer/group-topics.ts';

/** Short times, for tests on a manual clock. */
export const testConsumerLimits: ConsumerGroupLimits = {
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 1_000,
  membersMax: 20,
  classicMembersMax: 20,
  assignors: assignorsOf('uniform,range'),
  migration: { upgrade: true, downgrade: true },
};

export const noTopics: GroupTopics = { offset: 0, topics: new Map(), topicsById: new Map() };

/** The id of a topic in tests: its name, filled up to the length of an id. */
export function testTopicId(name: string): string {
  return `${name.padEnd(21, '_')}A`;
}

/** The name of a topic with such an id. */
export function testTopicName(id: string): string {
  return id.slice(0, 21).replace(/_+$/, '');
}

/** Topics `name: partitions`. */
export function topicsOf(counts: Readonly<Record<string, number>>): GroupTopics {
  const topics = Object.entries(counts).map(([name, length]) => ({
    id: testTopicId(name),
    name,
    partitions: { length },
  }));
  return {
    offset: 1,
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    topicsById: new Map(topics.map((topic) => [topic.id, topic])),
  };
}
