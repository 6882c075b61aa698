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
