import { ManualClock } from '../../../base/testing/manual-clock.ts';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { fetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { batchesOf, decodeRecords, encodeBatch } from '../../../records/record-batch.ts';
import type { LogConfig } from '../../log/log-config.ts';
import { defaultLogConfig } from '../../log/log-config.ts';
import type { AppendReply } from '../../replica/append/append-reply.ts';
import type { FetchInput } from '../../replica/follower/fetcher-session.ts';
import { partitionKey } from '../../replica/partition-assignment.ts';
import type { BrokerSettings } from '../configs/broker-settings.ts';
import { fetchHandler } from '../handlers/01-fetch.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { FakeController } from './fake-controller.ts';
import { ReplicaNode } from './replica-node.ts';

/** Time that a frame travels in this cluster. */
const hopMs = 1;
/** Promise turns that end every chain of handlers here. */
const microtaskRounds = 40;

/**
 * Brokers that replicate to each other in memory on one manual clock: real ReplicaManagers, real Fetch handlers over
 * encoded bytes, a fake controller. Tests cut links, crash brokers and say who learns new metadata when.
 */
export class ReplicaCluster {
  readonly clock = new ManualClock();
  readonly controller = new FakeController();
  readonly nodes = new Map<number, ReplicaNode>();
  /** `from-to` pairs of brokers that do not hear each other. */
  readonly cutLinks = new Set<string>();
  /** Brokers whose AlterPartition requests get no answer. */
  readonly cutFromController = new Set<number>();
  /** Topic settings other than the defaults, from the next `publish` on. */
  config: Partial<LogConfig> = {};
  readonly minInsyncReplicas: number;
  /** Fetches by followers, as sent. */
  readonly fetches: { readonly from: number; readonly to: number; readonly request: FetchInput }[] = [];

  constructor(ids: readonly number[], options: { minInsync?: number; settings?: Partial<BrokerSettings> } = {}) {
    this.minInsyncReplicas = options.minInsync ?? 1;
    for (const id of ids) {
      this.nodes.set(
        id,
        new ReplicaNode({
          id,
          clock: this.clock,
          view: () => this.view(),
          brokerState: (brokerId) => this.controller.brokers.get(brokerId),
          fetchFrom: (to, request) => this.#fetchFrom(id, to, request),
          alterPartition: async (request) => {
            await this.#hop();
            if (this.cutFromController.has(id)) throw new Error('no controller');
            return this.controller.alterPartition(request);
          },
          ...(options.settings ? { settings: options.settings } : {}),
        }),
      );
      this.start(id);
    }
  }

  node(id: number): ReplicaNode {
    return this.nodes.get(id) as ReplicaNode;
  }

  start(id: number, cleanShutdown = false): void {
    const epoch = (this.controller.brokers.get(id)?.epoch ?? 0) + 10;
    this.controller.brokers.set(id, { epoch, isEligible: true });
    this.node(id).start(epoch, cleanShutdown);
  }

  createTopic(
    name: string,
    replicas: readonly number[],
    id = `${name}AAAAAAAAAAAAAAAAAAAAAA`.slice(0, 21).concat('A'),
  ) {
    this.controller.createTopic(name, id, [replicas]);
    this.publish();
  }

  /** Hands the metadata to the brokers that are up; to `ids` only when given. */
  publish(ids: Iterable<number> = this.nodes.keys()): void {
    const config = { ...defaultLogConfig, ...this.config, minInsyncReplicas: this.minInsyncReplicas };
    for (const id of ids) {
      if (!this.node(id).isUp) continue;
      const assignments = [...this.controller.topics.values()].flatMap((topic) =>
        topic.partitions
          .map((partition, index) => ({
            topic: topic.name,
            topicId: topic.id,
            partition: index,
            ...partition,
            isr: [...partition.isr],
            config,
          }))
          .filter(({ replicas }) => replicas.includes(id)),
      );
      const { replicas } = this.node(id);
      replicas.applyAssignments(assignments);
      replicas.setStraysAside((topicId, partition) =>
        assignments.some((assigned) => assigned.topicId === topicId && assigned.partition === partition),
      );
    }
  }

  view(): ClusterView {
    const topics = new Map([...this.controller.topics]);
    return {
      clusterId: 'test',
      brokers: new Map(
        [...this.nodes.keys()].map((id) => [id, { id, host: 'h', port: id, endPoints: [], rack: null, fenced: false }]),
      ),
      topics,
      topicsById: new Map([...topics.values()].map((topic) => [topic.id, topic])),
    };
  }

  async #fetchFrom(from: number, to: number, request: FetchInput): Promise<FetchResponse> {
    this.fetches.push({ from, to, request });
    await this.#travel(from, to);
    const node = this.node(to);
    const schemas = { request: fetchRequest, response: fetchResponse };
    const response = await node.request(fetchHandler, schemas, request, node.context(1, 18, from));
    await this.#travel(to, from);
    return response as FetchResponse;
  }

  async #travel(from: number, to: number): Promise<void> {
    await this.#hop();
    if (this.cutLinks.has(`${from}-${to}`) || !this.node(to).isUp || !this.node(from).isUp)
      throw new Error(`${from} does not reach ${to}`);
  }

  #hop(): Promise<void> {
    return new Promise((resolve) => this.clock.after(hopMs, resolve));
  }

  /** Cuts a broker off from all others, both ways. */
  isolate(id: number): void {
    for (const other of this.nodes.keys()) {
      this.cutLinks.add(`${id}-${other}`);
      this.cutLinks.add(`${other}-${id}`);
    }
  }

  heal(): void {
    this.cutLinks.clear();
    this.cutFromController.clear();
  }

  /** Lets everything happen that falls due within `durationMs`. */
  async run(durationMs: number): Promise<void> {
    const endMs = this.clock.monotonic() + durationMs;
    await settleMicrotasks();
    for (let due = this.clock.nextDueMs; due !== undefined && due <= endMs; due = this.clock.nextDueMs) {
      this.clock.step();
      await settleMicrotasks();
    }
    this.clock.advance(endMs - this.clock.monotonic());
    await settleMicrotasks();
  }

  /** Appends one batch with these values; the reply arrives in `outcome` when it does. */
  produce(id: number, topic: string, values: readonly string[], acks: 0 | 1 | -1 = -1, timeoutMs = 30_000) {
    const produced: { reply: AppendReply | undefined } = { reply: undefined };
    const reply = this.node(id).replicas.append(topic, 0, batchOf(values, this.clock.now()), acks, timeoutMs);
    if (reply instanceof Promise)
      void reply.then((settled) => {
        produced.reply = settled;
      });
    else produced.reply = reply;
    return produced;
  }

  /** Offsets of one replica. */
  offsets(id: number, topic: string): { end: number; hw: number; start: number; epoch: number } {
    const partition = this.node(id).replicas.hostedPartition(topic, 0);
    if (!partition) throw new Error(`${partitionKey(topic, 0)} is not on broker ${id}`);
    const { endOffset, startOffset, latestEpoch } = partition.log;
    return { end: endOffset, hw: partition.highWatermark, start: startOffset, epoch: latestEpoch };
  }

  /** All bytes of one replica's log. */
  bytes(id: number, topic: string): Buffer {
    const log = this.node(id).replicas.hostedPartition(topic, 0)?.log;
    if (!log) throw new Error(`${topic} is not on broker ${id}`);
    const chunks: Buffer[] = [];
    for (let at = log.startOffset; at < log.endOffset; ) {
      const read = log.read(at, { maxBytes: 1 << 20, before: log.endOffset, atLeastOneBatch: true });
      if (!read.ok) throw new Error(read.error.message);
      chunks.push(read.value.records);
      at = read.value.nextOffset;
    }
    return Buffer.concat(chunks);
  }

  values(id: number, topic: string): string[] {
    const values: string[] = [];
    for (const batch of batchesOf(this.bytes(id, topic)))
      for (const record of decodeRecords(batch)) values.push(String(record.value));
    return values;
  }
}

async function settleMicrotasks(): Promise<void> {
  for (let round = 0; round < microtaskRounds; round++) await Promise.resolve();
}

export function batchOf(
  values: readonly string[],
  baseTimestamp: number,
  producer: { id: number; sequence: number } | undefined = undefined,
): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  return encodeBatch({
    records,
    baseTimestamp,
    ...(producer ? { producerId: producer.id, producerEpoch: 0, baseSequence: producer.sequence } : {}),
  });
}
