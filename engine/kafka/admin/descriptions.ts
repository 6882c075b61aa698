/** One partition as Metadata describes it. Offsets are -1 where the cluster did not tell. */
export interface PartitionDescription {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly startOffset: number;
  readonly endOffset: number;
}

export interface TopicDescription {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly PartitionDescription[];
  /** Configuration values that differ from the default. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicToCreate {
  readonly name: string;
  /** The broker's default when left out. */
  readonly partitions?: number | undefined;
  readonly replicas?: number | undefined;
  readonly config?: Readonly<Record<string, string>> | undefined;
}

export interface GroupSummary {
  readonly id: string;
  readonly state: string;
  readonly protocolType: string;
}

export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** Undefined when the group committed nothing for it. */
  readonly committedOffset: number | undefined;
  readonly endOffset: number;
  /** Records not processed yet; undefined without a committed offset. */
  readonly lag: number | undefined;
  /** Client id and member id of the member that reads it. */
  readonly member?: string | undefined;
}

export interface GroupDescription extends GroupSummary {
  readonly members: readonly { readonly id: string; readonly clientId: string; readonly host: string }[];
  readonly partitions: readonly GroupPartition[];
}

export interface ClusterDescription {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly { readonly id: number; readonly address: string }[];
}
