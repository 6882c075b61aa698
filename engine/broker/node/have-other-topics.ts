import type { MetadataImage } from '../controller/metadata-image.ts';
import type { TopicsChange } from '../controller/topics/topics-image.ts';

/** Whether topics or partitions came or went: leaders and replicas may move all the time. */
export function haveOtherTopics(before: MetadataImage, after: MetadataImage, change: TopicsChange): boolean {
  if (change.removed.size > 0) return true;
  for (const name of change.changed)
    if (before.topics.get(name)?.partitions.length !== after.topics.get(name)?.partitions.length) return true;
  return false;
}
