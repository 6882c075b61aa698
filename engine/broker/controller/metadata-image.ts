/** A broker as the cluster knows it. */
export interface BrokerRegistration {
  readonly id: number;
  /** Offset of its registration record; tells one start of the broker from the next. */
  readonly epoch: number;
  readonly incarnationId: string;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  /** A fenced broker leads nothing and is in no in-sync set. */
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly features: readonly FeatureRange[];
  readonly logDirs: readonly string[];
}

/** Levels of a feature that a broker supports (KIP-584). */
export interface FeatureRange {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}

/** One partition. Its id is its index in the topic. */
export interface PartitionRegistration {
  /** The first one is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Replicas out of the in-sync set that still hold everything committed (KIP-966). */
  readonly elr: readonly number[];
  /** The last leader, remembered when neither in-sync nor eligible replicas are left. */
  readonly lastKnownElr: readonly number[];
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Counts every change of the partition. */
  readonly partitionEpoch: number;
  /** Whether the leader was elected uncleanly and has not recovered yet. */
  readonly isRecovering: boolean;
}

export interface TopicImage {
  readonly id: string;
  readonly name: string;
  readonly partitions: readonly PartitionRegistration[];
}

export type ConfigResource = 'topic' | 'broker';

/** Everything that an image holds. */
export interface ImageFields {
  /** Offset of the last record in the image, -1 for none. */
  readonly offset: number;
  /** Raft epoch of that record. */
  readonly epoch: number;
  readonly clusterId: string;
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly topics: ReadonlyMap<string, TopicImage>;
  readonly topicsById: ReadonlyMap<string, TopicImage>;
  /** Overrides by `configKey`. */
  readonly configOverrides: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly features: ReadonlyMap<string, number>;
  readonly nextProducerId: number;
}

/** Key of a resource in `ImageFields.configOverrides`. A broker resource without a name holds for all brokers. */
export function configKey(resource: ConfigResource, name: string): string {
  return `${resource}:${name}`;
}

const noConfigs: ReadonlyMap<string, string> = new Map();

/** The cluster's metadata at one offset. Immutable: a change makes a new image that shares what did not change. */
export class MetadataImage {
  readonly offset: number;
  readonly epoch: number;
  readonly clusterId: string;
  readonly brokers: ReadonlyMap<number, BrokerRegistration>;
  readonly topics: ReadonlyMap<string, TopicImage>;
  readonly topicsById: ReadonlyMap<string, TopicImage>;
  readonly configOverrides: ImageFields['configOverrides'];
  readonly features: ReadonlyMap<string, number>;
  readonly nextProducerId: number;

  constructor(fields: ImageFields) {
    this.offset = fields.offset;
    this.epoch = fields.epoch;
    this.clusterId = fields.clusterId;
    this.brokers = fields.brokers;
    this.topics = fields.topics;
    this.topicsById = fields.topicsById;
    this.configOverrides = fields.configOverrides;
    this.features = fields.features;
    this.nextProducerId = fields.nextProducerId;
  }

  static empty(clusterId: string): MetadataImage {
    return new MetadataImage({
      offset: -1,
      epoch: 0,
      clusterId,
      brokers: new Map(),
      topics: new Map(),
      topicsById: new Map(),
      configOverrides: new Map(),
      features: new Map(),
      nextProducerId: 0,
    });
  }

  /** Overrides of a topic, of a broker (its id as text), or of all brokers (empty name). */
  configs(resource: ConfigResource, name: string): ReadonlyMap<string, string> {
    return this.configOverrides.get(configKey(resource, name)) ?? noConfigs;
  }

  /** Whether the broker is registered, unfenced and not on its way down: only such a one may lead or join an in-sync set. */
  isActive(brokerId: number): boolean {
    const broker = this.brokers.get(brokerId);
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
  }
}
