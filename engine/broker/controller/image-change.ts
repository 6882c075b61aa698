import type { ConfigsChange } from './configs/configs-image.ts';
import { wholeConfigsChange } from './configs/configs-image.ts';
import { MetadataImage } from './metadata-image.ts';
import type { TopicsChange } from './topics/topics-image.ts';
import { wholeTopicsChange } from './topics/topics-image.ts';

/** What differs between an image and the one before it, by subject. */
export interface ImageChange {
  readonly topics: TopicsChange;
  /** Whether any broker differs. */
  readonly brokers: boolean;
  readonly configs: ConfigsChange;
  /** Whether any client quota differs. */
  readonly quotas: boolean;
  /** Whether any rule differs. */
  readonly acls: boolean;
  /** Whether the level of any feature differs. */
  readonly features: boolean;
}

/** The change to an image that was loaded as a whole: everything may differ. Without `before` from nothing. */
export function wholeChange(after: MetadataImage, before = MetadataImage.empty(after.clusterId)): ImageChange {
  return {
    topics: wholeTopicsChange(before.subjects.topics, after.subjects.topics),
    brokers: true,
    configs: wholeConfigsChange(before.subjects.configs, after.subjects.configs),
    quotas: before.subjects.quotas !== after.subjects.quotas,
    acls: before.subjects.acls !== after.subjects.acls,
    features: before.subjects.features !== after.subjects.features,
  };
}
