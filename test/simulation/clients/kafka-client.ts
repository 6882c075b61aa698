import { MillraceError } from '../../../engine/base/errors.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';
import { PeerChannel } from '../../../engine/broker/node/peer-channel.ts';
import type { Api } from '../../../engine/protocol/api-keys.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { errorCode } from '../../../engine/protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../engine/protocol/schema.ts';
import { Host } from '../world/host.ts';
import { portOf } from '../world/machine.ts';
import type { World } from '../world/world.ts';

const requestTimeoutMs = 5_000;
/** Kafka's metadata.max.age.ms, much shortened. */
const metadataAgeMsMax = 3_000;

export interface PartitionLeader {
  readonly id: number;
  readonly epoch: number;
}

export interface TopicView {
  readonly id: string;
  readonly partitions: Map<number, PartitionLeader>;
}

/** Connections, metadata and waiting of one simulated client. Requests are real protocol bytes. */
export class KafkaClient {
  readonly name: string;
  readonly world: World;
  readonly host: Host;
  readonly random: SeededRandom;
  readonly topics = new Map<string, TopicView>();
  readonly #channels = new Map<string, PeerChannel>();
  readonly #refreshedAtMs = new Map<string, number>();
  #isStopped = false;

  constructor(world: World, name: string, seed: number) {
    this.world = world;
    this.name = name;
    this.random = new SeededRandom(world.options.seed * 101 + seed);
    this.host = new Host({
      name,
      world: world.clock,
      skewMs: () => 0,
      onThrow: (error) => world.violate('client', `${name} failed: ${String(error)}`),
    });
  }

  get nowMs(): number {
    return this.world.clock.monotonic();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends the client: its loops come to an end at their next look. */
  stop(): void {
    this.#isStopped = true;
    for (const channel of this.#channels.values()) channel.close('the client stops');
  }

  trace(what: string): void {
    this.world.trace.add(this.name, what);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.host.clock.after(ms, resolve));
  }

  /** A number at random below `bound`. */
  below(bound: number): number {
    return randomBelow(this.random, bound);
  }

  /** Sends to a broker; undefined when no answer came. `lane` keeps requests that wait from those that must not. */
  async ask<Req extends MessageSchema, Res extends MessageSchema>(
    brokerId: number,
    api: Api<Req, Res>,
    body: MessageInput<Req>,
    { version = api.advertisedMax, lane = 'main', timeoutMs = requestTimeoutMs } = {},
  ): Promise<MessageOf<Res> | undefined> {
    if (brokerId < 1 || this.#isStopped) return undefined;
    try {
      return await this.#channel(brokerId, lane).request(api, version, body, timeoutMs);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      return undefined;
    }
  }

  #channel(brokerId: number, lane: string): PeerChannel {
    const key = `${brokerId}/${lane}`;
    const known = this.#channels.get(key);
    if (known && !known.isClosed) return known;
    const connection = this.world.net.dialerOf(this.host, false).dial('sim', portOf(brokerId));
    const channel = new PeerChannel(connection, `broker-${brokerId}`, this.host.clock, this.name);
    this.#channels.set(key, channel);
    return channel;
  }

  /** Any broker. */
  anyBroker(): number {
    return 1 + this.below(this.world.options.brokers);
  }

  /** Asks some broker who leads the topic. What is known of a newer leader epoch stays. */
  async refresh(topic: string): Promise<void> {
    const request = { topics: [{ name: topic }], allowAutoTopicCreation: false };
    const reply = await this.ask(this.anyBroker(), apis.metadata, request, { lane: 'metadata', timeoutMs: 2_000 });
    const row = reply?.topics[0];
    if (!row || row.errorCode !== errorCode.NONE) return;
    const known = this.topics.get(topic);
    const view: TopicView = known?.id === row.topicId ? known : { id: row.topicId, partitions: new Map() };
    this.topics.set(topic, view);
    for (const { partitionIndex, leaderId, leaderEpoch } of row.partitions) {
      const before = view.partitions.get(partitionIndex);
      if (!before || leaderEpoch >= before.epoch)
        view.partitions.set(partitionIndex, { id: leaderId, epoch: leaderEpoch });
    }
  }

  /** Asks again who leads after `metadataAgeMsMax`: a leader that is cut off does not know that it is one no more. */
  async refreshIfOld(topic: string): Promise<void> {
    if (this.nowMs < (this.#refreshedAtMs.get(topic) ?? 0) + metadataAgeMsMax) return;
    this.#refreshedAtMs.set(topic, this.nowMs);
    await this.refresh(topic);
  }

  leaderOf(topic: string, partition: number): PartitionLeader | undefined {
    return this.topics.get(topic)?.partitions.get(partition);
  }
}
