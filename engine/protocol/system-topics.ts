/** The quorum's own log. It lies beside the partitions' folders under this name, so no topic may ever bear it. */
export const clusterMetadataTopicName = '__cluster_metadata';

/** Where consumer groups and their offsets are kept. */
export const offsetsTopicName = '__consumer_offsets';

/** Where transactional ids and their transactions are kept. */
export const transactionsTopicName = '__transaction_state';

const internalTopics: ReadonlySet<string> = new Set([offsetsTopicName, transactionsTopicName, '__share_group_state']);

/** Topics of the cluster itself; clients may read them but neither write them nor create them by asking. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/**
 * Names of the cluster that no topic may have: neither be created nor found nor deleted under. Whatever their case, as on
 * Windows and macOS a folder is one for all cases.
 */
export function isReservedTopicName(name: string): boolean {
  return name.length === clusterMetadataTopicName.length && name.toLowerCase() === clusterMetadataTopicName;
}
