/** A topic as groups see it. */
export interface GroupTopic {
  readonly id: string;
  readonly name: string;
  readonly partitions: { readonly length: number };
}

/** The committed topics of the cluster, as groups see them. */
export interface GroupTopics {
  /** Offset of the metadata that says so. */
  readonly offset: number;
  readonly topics: ReadonlyMap<string, GroupTopic>;
  readonly topicsById: ReadonlyMap<string, GroupTopic>;
}
