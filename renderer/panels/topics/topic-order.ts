import type { TopicSummary } from '../../../engine/studio/contract.ts';

/** What the list of topics is ordered by. */
export type TopicOrder = 'name' | 'messages' | 'size';

export const topicOrders: readonly { readonly value: TopicOrder; readonly label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'messages', label: 'Most messages' },
  { value: 'size', label: 'Largest' },
];

/** Topics in the order that was chosen; those that say nothing of it come last, equal ones by name. */
export function orderTopics(topics: readonly TopicSummary[], order: TopicOrder): readonly TopicSummary[] {
  if (order === 'name') return topics;
  const amount = ({ messageCount, sizeBytes }: TopicSummary) => (order === 'size' ? sizeBytes : messageCount) ?? -1;
  return topics.toSorted((a, b) => amount(b) - amount(a) || (a.name < b.name ? -1 : 1));
}
