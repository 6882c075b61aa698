import type { MetadataImage } from './metadata-image.ts';

/** What differs between an image and the one before it. */
export interface ImageChange {
  /** Names of topics that are new or of which a partition changed. */
  readonly topics: ReadonlySet<string>;
  /** Ids of topics that are gone. */
  readonly removedTopics: ReadonlySet<string>;
  readonly brokers: boolean;
  /** Keys (`configKey`) of resources whose configs changed. */
  readonly configResources: ReadonlySet<string>;
  readonly configs: boolean;
}

/** The change from nothing to an image. */
export function wholeChange(image: MetadataImage): ImageChange {
  return {
    topics: new Set(image.topics.keys()),
    removedTopics: new Set(),
    brokers: true,
    configResources: new Set(image.configOverrides.keys()),
    configs: true,
  };
}
