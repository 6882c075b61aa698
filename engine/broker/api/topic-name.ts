const nameLengthMax = 249;

/** Where consumer groups and their offsets are kept. */
export const offsetsTopicName = '__consumer_offsets';

/** Topics of the cluster itself; clients may read them but not create them by asking. */
const internalTopics = new Set([offsetsTopicName, '__transaction_state', '__share_group_state']);

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/** Kafka's rule: 1 to 249 of `a-zA-Z0-9._-`, and neither `.` nor `..`. */
export function isLegalTopicName(name: string): boolean {
  return name !== '.' && name !== '..' && name.length <= nameLengthMax && /^[a-zA-Z0-9._-]+$/.test(name);
}
