import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../engine/kafka/group-settings.ts';
import { TransactionalProducer } from '../../engine/kafka/transactional-producer.ts';

const batchRecordsMax = 50;

/** What a worker carries, and as whom. */
export interface WorkerSettings extends Pick<GroupSettings, 'groupProtocol'> {
  readonly transactionalId: string;
  /** The source topic is its group as well. */
  readonly source: string;
  readonly target: string;
}

/**
 * A member of a group that copies records in transactions, as a careful application does: what was read and what was made of it
 * become visible together, an aborted batch is read again, a producer that is over is replaced.
 */
export class ExactlyOnceWorker {
  readonly #connection: KafkaConnection;
  readonly #settings: WorkerSettings;
  readonly #consumer: GroupConsumer;
  #producer: TransactionalProducer;
  #turn: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(connection: KafkaConnection, settings: WorkerSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#producer = new TransactionalProducer(connection, settings);
    const { source, groupProtocol } = settings;
    this.#consumer = new GroupConsumer(
      connection,
      {
        groupId: source,
        topics: [source],
        startAt: 'earliest',
        groupProtocol,
        commits: 'transactions',
        heartbeatIntervalMs: 300,
      },
      // Whatever is in hand is finished before others read on.
      { readable: () => void this.#carryNext(), revoked: () => this.#carryNext() },
    );
  }

  async start(): Promise<void> {
    await this.#producer.init();
    await this.#consumer.start();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#consumer.close();
    await this.#producer.close();
  }

  #carryNext(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#carry());
    return this.#turn;
  }

  async #carry(): Promise<void> {
    const { group } = this.#consumer;
    if (!group) return;
    const batch: TakenRecord[] = [];
    for (
      let taken = this.#consumer.take();
      taken;
      taken = batch.length < batchRecordsMax ? this.#consumer.take() : undefined
    )
      batch.push(taken);
    if (batch.length === 0) return;
    const producer = this.#producer;
    try {
      producer.begin();
      for (const { record } of batch)
        void producer.send({ topic: this.#settings.target, value: record.value }).catch(() => {});
      for (const taken of batch) taken.settle();
      const offsets = this.#consumer.offsetsToCommit();
      await producer.sendOffsets(offsets, group);
      await this.#commit(producer);
      this.#consumer.committed(offsets);
    } catch {
      await this.#recover(producer);
    }
    if (!this.#isOver) void this.#carryNext();
  }

  /** Until it is known whether it was committed. */
  async #commit(producer: TransactionalProducer): Promise<void> {
    for (;;) {
      try {
        await producer.commit();
        return;
      } catch (error) {
        if (producer.phase !== 'ending') throw error;
      }
    }
  }

  /** Until it may go on, or was told to stop. */
  async #recover(failed: TransactionalProducer): Promise<void> {
    let producer = failed;
    for (let isReady = false; !isReady && !this.#isOver; ) {
      try {
        if (producer.phase === 'over' || producer.phase === 'new') {
          await producer.close();
          producer = new TransactionalProducer(this.#connection, this.#settings);
          this.#producer = producer;
          await producer.init();
        } else await producer.abort();
        isReady = true;
      } catch {
        // The cluster is away, or somebody else was faster: again.
      }
    }
    this.#consumer.rewind();
  }
}
