import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../../protocol/metadata-record.ts';
import { planBrokerHeartbeat } from '../brokers/broker-heartbeat.ts';
import { planRegisterBroker } from '../brokers/register-broker.ts';
import type { ConfigSchema } from '../configs/config-schema.ts';
import type { ControllerSettings, ControllerView, Plan } from '../controller-view.ts';
import { registeredFeatures } from '../features/supported-features.ts';
import { ImageDelta } from '../image-delta.ts';
import { MetadataImage } from '../metadata-image.ts';
import type { PartitionRegistration } from '../topics/topics-image.ts';

/** A schema that knows three settings: tests only. */
const testSchema: ConfigSchema = {
  validate: (_resource, overrides) => {
    for (const [name, value] of overrides) {
      if (!['cleanup.policy', 'retention.ms', 'min.insync.replicas'].includes(name))
        return `Unknown config name: ${name}`;
      if (name !== 'cleanup.policy' && !/^-?\d+$/.test(value))
        return `Invalid value ${value} for configuration ${name}`;
    }
    return undefined;
  },
  isList: (_resource, name) => name === 'cleanup.policy',
  defaultOf: (_resource, name) => (name === 'cleanup.policy' ? 'delete' : undefined),
  entriesOfTopic: () => [],
};

/** A controller without a log: plans are applied at once. Tests only. */
export class TestController {
  image = MetadataImage.empty('test-cluster');
  records: MetadataRecord[] = [];
  readonly settings: ControllerSettings;
  readonly #random = new SeededRandom(1);

  constructor(settings: Partial<ControllerSettings> = {}) {
    this.settings = {
      numPartitions: 1,
      defaultReplicationFactor: 1,
      minInsyncReplicas: 1,
      uncleanLeaderElectionEnable: false,
      deleteTopicEnable: true,
      ...settings,
    };
  }

  get view(): ControllerView {
    const { image, settings } = this;
    return { image, nextOffset: image.offset + 1, random: this.#random, settings, configs: testSchema };
  }

  /** Applies a plan's records, through their bytes, and returns its reply. */
  run<Reply>(plan: Plan<Reply>): Reply {
    const delta = new ImageDelta(this.image);
    for (const { name, version, value } of plan.records) {
      const record = decodeMetadataRecord(encodeMetadataRecord(name, version, value));
      delta.apply(record);
      this.records.push(record);
    }
    this.image = delta.build(this.image.offset + plan.records.length, 1);
    return plan.reply;
  }

  register(brokerId: number, options: { incarnation?: number; previousBrokerEpoch?: number; rack?: string } = {}) {
    const { incarnation = 1, previousBrokerEpoch = -1, rack = null } = options;
    return this.run(
      planRegisterBroker(this.view, {
        hasValidSession: false,
        request: {
          brokerId,
          clusterId: 'test-cluster',
          incarnationId: `${'A'.repeat(19)}${brokerId}${incarnation}A`,
          listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9000 + brokerId, securityProtocol: 0 }],
          features: [...registeredFeatures],
          rack,
          isMigratingZkBroker: false,
          logDirs: [],
          previousBrokerEpoch,
        },
      }),
    );
  }

  heartbeat(brokerId: number, wants: { wantFence?: boolean; wantShutDown?: boolean } = {}) {
    return this.run(
      planBrokerHeartbeat(this.view, {
        othersMetadataOffset: Number.POSITIVE_INFINITY,
        shutdownOffset: -1,
        request: {
          brokerId,
          brokerEpoch: this.image.brokers.get(brokerId)?.epoch ?? -1,
          currentMetadataOffset: this.image.offset,
          wantFence: false,
          wantShutDown: false,
          offlineLogDirs: [],
          cordonedLogDirs: null,
          ...wants,
        },
      }),
    );
  }

  /** Registers and unfences brokers. */
  start(...brokerIds: number[]): this {
    for (const id of brokerIds) {
      this.register(id);
      this.heartbeat(id);
    }
    return this;
  }

  partition(topic: string, index = 0): PartitionRegistration {
    const partition = this.image.topics.get(topic)?.partitions[index];
    if (!partition) throw new Error(`no partition ${topic}-${index}`);
    return partition;
  }
}
