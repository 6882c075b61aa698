import type { TransactionalProducer } from '../../../../engine/kafka/transactional-producer.ts';
import { apis } from '../../../../engine/protocol/api-keys.ts';
import type { TopicPlan } from '../../options.ts';
import { errorCode } from '../errors.ts';
import type { KafkaClient } from '../kafka-client.ts';
import { CommittedReader } from './committed-reader.ts';
import { ended, producerOf } from './producer-of.ts';

export const copierGroup = 'copiers';
const abortPart = 0.15;
const leavePart = 0.08;
const idleMs = 150;

/**
 * Copies what is committed of one topic to another, exactly once: the copies and the group's offsets are one transaction. Now and then it
 * walks away from an open one, and goes on as another process would: a new producer, and what the group has committed.
 */
export class Copier {
  readonly client: KafkaClient;
  /** How far the source has been copied, as far as this client knows. */
  readonly copied = new Map<number, number>();
  readonly #source: TopicPlan;
  readonly #target: string;
  readonly #reader: CommittedReader;
  #isOpen = true;

  constructor(client: KafkaClient, source: TopicPlan, target: string) {
    this.client = client;
    this.#source = source;
    this.#target = target;
    this.#reader = new CommittedReader(client);
  }

  /** Goes on to the end of the source, without whims. */
  close(): void {
    this.#isOpen = false;
  }

  start(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      const producer = producerOf(client, client.name);
      const failure = await producer.init().catch((error: unknown) => error);
      if (failure !== undefined) await client.sleep(200);
      else await this.#live(producer);
    }
  }

  /** Until its producer can do no more, or it walks away. */
  async #live(producer: TransactionalProducer): Promise<void> {
    const { client } = this;
    let positions: Map<number, number> | undefined;
    while (!client.isStopped) {
      positions ??= await this.#committed();
      if (!positions) {
        await client.sleep(100);
        continue;
      }
      const step = await this.#step(producer, positions);
      if (step === 'over') return;
      if (step === 'again') positions = undefined;
      if (step === 'idle') await client.sleep(idleMs);
    }
  }

  async #step(
    producer: TransactionalProducer,
    positions: Map<number, number>,
  ): Promise<'on' | 'again' | 'idle' | 'over'> {
    const { client } = this;
    const partition = client.below(this.#source.partitions);
    const offset = positions.get(partition) ?? 0;
    await client.refreshIfOld(this.#source.name);
    const found = await this.#reader.fetch(this.#source.name, partition, offset, 300);
    if (!found) {
      await client.refresh(this.#source.name);
      return 'idle';
    }
    if (found.nextOffset === offset) return 'idle';
    producer.begin();
    const sends = found.records.map(({ value }) =>
      producer.send({ topic: this.#target, partition, value: Buffer.from(`copy of ${value}`) }).catch(() => {}),
    );
    const group = { groupId: copierGroup, memberId: '', generation: -1 };
    const offsets = [{ topic: this.#source.name, partition, offset: found.nextOffset }];
    const sent = await producer.sendOffsets(offsets, group).catch((error: unknown) => error);
    if (this.#isOpen && client.random.next() < leavePart) return 'over';
    await Promise.all(sends);
    const isCommit = sent === undefined && (!this.#isOpen || client.random.next() >= abortPart);
    const outcome = await ended(client, () => (isCommit ? producer.commit() : producer.abort()));
    client.trace(`copy of ${partition} up to ${found.nextOffset}: ${isCommit ? 'commit' : 'abort'} ${String(outcome)}`);
    if (outcome !== 'done') return 'over';
    if (!isCommit) return 'again';
    positions.set(partition, found.nextOffset);
    this.copied.set(partition, found.nextOffset);
    return 'on';
  }

  /** What the group has committed, once no open transaction may change it (KIP-447). */
  async #committed(): Promise<Map<number, number> | undefined> {
    const { client } = this;
    const where = await client.ask(client.anyBroker(), apis.findCoordinator, {
      keyType: 0,
      coordinatorKeys: [copierGroup],
    });
    const coordinator = where?.coordinators[0];
    if (!coordinator || coordinator.errorCode !== errorCode.NONE) return undefined;
    const partitionIndexes = Array.from({ length: this.#source.partitions }, (_, index) => index);
    const topics = [{ name: this.#source.name, partitionIndexes }];
    const body = { groupId: copierGroup, topics, requireStable: true };
    const reply = await client.ask(coordinator.nodeId, apis.offsetFetch, body, { version: 7 });
    const rows = reply?.topics[0]?.partitions ?? [];
    if (reply?.errorCode || rows.length === 0 || rows.some((row) => row.errorCode !== errorCode.NONE)) return undefined;
    return new Map(
      rows.map(({ partitionIndex, committedOffset }) => [partitionIndex, Math.max(0, Number(committedOffset))]),
    );
  }
}
