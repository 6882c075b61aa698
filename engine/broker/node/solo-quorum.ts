import type { Random } from '../../base/random.ts';
import type { ControllerGateway } from '../api/controller-gateway.ts';
import { planBrokerHeartbeat } from '../controller/brokers/broker-heartbeat.ts';
import { planRegisterBroker } from '../controller/brokers/register-broker.ts';
import type { ConfigSchema } from '../controller/configs/config-schema.ts';
import type { ControllerView, Plan } from '../controller/controller-view.ts';
import type { ImageChange } from '../controller/image-change.ts';
import { ImageDelta } from '../controller/image-delta.ts';
import { MetadataImage } from '../controller/metadata-image.ts';
import { planAlterPartition } from '../controller/partitions/alter-partition.ts';
import { planAllocateProducerIds } from '../controller/producer-ids/allocate-producer-ids.ts';
import { planCreateTopics } from '../controller/topics/create-topics.ts';
import type { Api } from '../protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../protocol/codec.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import type { BrokerConfig } from './config/broker-config.ts';

export type ImageListener = (image: MetadataImage, change: ImageChange) => void;

/** Stands in for the quorum until it lands: one broker, metadata in memory. */
export class SoloQuorum implements ControllerGateway {
  image: MetadataImage;
  readonly #config: BrokerConfig;
  readonly #random: Random;
  readonly #configs: ConfigSchema;
  readonly #listeners: ImageListener[] = [];

  constructor(config: BrokerConfig, random: Random, configs: ConfigSchema) {
    this.#config = config;
    this.#random = random;
    this.#configs = configs;
    this.image = MetadataImage.empty(config.clusterId);
  }

  onImage(listener: ImageListener): void {
    this.#listeners.push(listener);
  }

  async submit<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    input: MessageInput<Req>,
  ): Promise<MessageOf<Res>> {
    const version = api.versionMax;
    const request = decode(api.request, version, encodeToBuffer(api.request, version, input)) as never;
    const plan = this.#plan(api.key, request);
    const delta = new ImageDelta(this.image);
    for (const record of plan.records) delta.apply(record);
    if (plan.records.length > 0) {
      const built = delta.build(this.image.offset + plan.records.length, 1);
      this.image = built;
      for (const listener of this.#listeners) listener(built, delta.change());
    }
    return decode(api.response, version, encodeToBuffer(api.response, version, plan.reply as never));
  }

  #plan(key: number, request: never): Plan<unknown> {
    const { settings } = this.#config;
    const view: ControllerView = {
      image: this.image,
      nextOffset: this.image.offset + 1,
      random: this.#random,
      settings,
      configs: this.#configs,
    };
    if (key === 62) return planRegisterBroker(view, { request, hasValidSession: false });
    if (key === 63)
      return planBrokerHeartbeat(view, { request, othersMetadataOffset: Number.POSITIVE_INFINITY, shutdownOffset: -1 });
    if (key === 19) return planCreateTopics(view, request);
    if (key === 56) return planAlterPartition(view, request);
    if (key === 67) return planAllocateProducerIds(view, request);
    throw new Error(`no plan for ${key}`);
  }
}
