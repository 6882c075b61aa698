import type { ClusterMetadata, MessageToProduce, Producer } from '@platformatic/kafka';
import type { Cancel } from '../base/clock.ts';
import { randomBelow } from '../base/random.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { KafkaConnection } from './connection.ts';
import { KafkaError } from './kafka-error.ts';
import { partitionOfKey } from './murmur2-partition.ts';
import type { OutgoingRecord, ProducerSettings, SendListener, SentRecord } from './producer-settings.ts';
import { producerDefaults } from './producer-settings.ts';

type Message = MessageToProduce<Buffer, Buffer, Buffer, Buffer>;

interface PendingSend {
  readonly record: OutgoingRecord;
  readonly sizeBytes: number;
  readonly listener: SendListener;
}

/** One partition's queue. At most one request of it is under way, so a retry cannot change the order. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  queue: PendingSend[];
  isSending: boolean;
}

interface TopicLanes {
  readonly topic: string;
  /** Sends that came before the partition count was known. */
  unplaced: PendingSend[];
  partitionCount: number;
  /** Monotonic milliseconds of the last answer. */
  resolvedAt: number;
  isResolving: boolean;
  /** Records without a key stick to one partition for a batch, as in Kafka (KIP-480). */
  stickyPartition: number;
  readonly lanes: Map<number, Lane>;
}

const recordOverheadBytes = 70;
/** Kafka's default of metadata.max.age.ms. */
const metadataMaxAgeMsStandard = 300_000;
/** A library producer numbers a partition's records with an int32; it is replaced well before that runs out. */
const sequencesMax = 2 ** 30;

/** Bytes that a record counts for against the bounds. */
function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let size = recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  if (headers) for (const header of headers) size += header.key.length + (header.value?.length ?? 0);
  return size;
}

/**
 * Sends records in batches: everything that one turn (or `lingerMs`) hands over for a partition goes out as one request.
 * Memory is bounded: `send` refuses with KAFKA_BUFFER_FULL beyond the bounds, and `ready` tells a caller when to come back.
 */
export class KafkaProducer {
  readonly #connection: KafkaConnection;
  readonly #settings: ProducerSettings;
  readonly #topics = new Map<string, TopicLanes>();
  readonly #dirty = new Set<TopicLanes>();
  readonly #waiting: (() => void)[] = [];
  #client: Producer<Buffer, Buffer, Buffer, Buffer>;
  #recordsOfClient = 0;
  #records = 0;
  #bytes = 0;
  #isFlushPlanned = false;
  #isClosed = false;
  #drained = () => {};

  constructor(connection: KafkaConnection, settings: Partial<ProducerSettings> = {}) {
    this.#connection = connection;
    this.#settings = { ...producerDefaults, ...settings };
    this.#client = connection.createProducer();
  }

  get pendingRecords(): number {
    return this.#records;
  }

  get pendingBytes(): number {
    return this.#bytes;
  }

  /** Reaches a broker and reads the topics' metadata. Rejects with one clear line when that fails. */
  async check(topics: readonly string[]): Promise<void> {
    try {
      await this.#client.metadata({ topics: [...topics], retries: 2 });
    } catch (error) {
      throw this.#connection.error(error, topics.length ? `find topic ${topics.join(', ')}` : 'connect');
    }
  }

  /** Undefined when there is room for another record; else a promise for the moment when there is. */
  ready(): Promise<void> | undefined {
    if (!this.#isFull) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Sends a record; resolves when it is acknowledged as `acks` says. Rejects with KAFKA_BUFFER_FULL (retriable) when the buffer
   * is full, KAFKA_SEND_TIMEOUT after `deliveryWaitMsMax`, or what the broker answered. After a rejection the record may still
   * have been written.
   */
  send(record: OutgoingRecord): Promise<SentRecord> {
    return new Promise((resolve, reject) => {
      const sent = (partition: number, offset: number | undefined) =>
        resolve({ topic: record.topic, partition, offset });
      this.deliver(record, { sent, failed: reject });
    });
  }

  /** The same for whoever sends so much that promises cost too much. Throws where `send` rejects at once. */
  deliver(record: OutgoingRecord, listener: SendListener): void {
    if (this.#isClosed) throw new KafkaError('KAFKA_CLOSED', `${this.#connection.target}: the producer is closed`);
    if (this.#isFull) {
      const message = `${this.#connection.target}: the send buffer is full (${this.#records} records, ${this.#bytes} bytes wait for the brokers)`;
      throw new KafkaError('KAFKA_BUFFER_FULL', message, { retriable: true });
    }
    const sizeBytes = sizeOf(record);
    this.#records++;
    this.#bytes += sizeBytes;
    const topic = this.#topic(record.topic);
    topic.unplaced.push({ record, sizeBytes, listener });
    this.#dirty.add(topic);
    this.#planFlush();
  }

  /** Waits until everything accepted is settled, at most `waitMsMax`, then closes the sockets. */
  async close(waitMsMax = 10_000): Promise<void> {
    this.#isClosed = true;
    if (this.#records > 0) {
      const drained = new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
      await settledWithin(this.#connection.host.clock, waitMsMax, drained);
    }
    await this.#client.close(true).catch(() => {});
  }

  get #isFull(): boolean {
    return this.#records >= this.#settings.bufferRecordsMax || this.#bytes >= this.#settings.bufferBytesMax;
  }

  #topic(name: string): TopicLanes {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = {
        topic: name,
        unplaced: [],
        partitionCount: 0,
        resolvedAt: 0,
        isResolving: false,
        stickyPartition: -1,
        lanes: new Map(),
      };
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    const flush = () => {
      this.#isFlushPlanned = false;
      const topics = [...this.#dirty];
      this.#dirty.clear();
      for (const topic of topics) this.#place(topic);
    };
    const { clock } = this.#connection.host;
    if (this.#settings.lingerMs > 0) clock.after(this.#settings.lingerMs, flush);
    else clock.soon(flush);
  }

  /** Gives every unplaced record its partition and starts what can start. */
  #place(topic: TopicLanes): void {
    if (topic.partitionCount === 0) {
      if (!topic.isResolving) void this.#resolve(topic);
      return;
    }
    // Topics grow: the count is asked for again now and then, beside the sending.
    if (this.#isStale(topic)) void this.#resolve(topic);
    const placed = topic.unplaced;
    topic.unplaced = [];
    topic.stickyPartition = this.#nextSticky(topic);
    for (const pending of placed) {
      const partition = this.#partitionOf(pending.record, topic);
      if (partition === undefined) {
        const message = `${this.#connection.target}: topic "${topic.topic}" has ${topic.partitionCount} partitions, found partition ${pending.record.partition}`;
        this.#settle(pending);
        pending.listener.failed(new KafkaError('KAFKA_UNKNOWN_PARTITION', message));
        continue;
      }
      let lane = topic.lanes.get(partition);
      if (!lane) {
        lane = { topic: topic.topic, partition, queue: [], isSending: false };
        topic.lanes.set(partition, lane);
      }
      lane.queue.push(pending);
    }
    for (const lane of topic.lanes.values()) this.#pump(lane);
  }

  #isStale({ isResolving, resolvedAt }: TopicLanes): boolean {
    const { host, settings } = this.#connection;
    return (
      !isResolving && host.clock.monotonic() - resolvedAt > (settings.metadataMaxAgeMs ?? metadataMaxAgeMsStandard)
    );
  }

  #nextSticky(topic: TopicLanes): number {
    if (topic.partitionCount === 1) return 0;
    // The next one in turn from a random start: even over time, and two engines do not march in step.
    if (topic.stickyPartition < 0) return randomBelow(this.#connection.host.random, topic.partitionCount);
    return (topic.stickyPartition + 1) % topic.partitionCount;
  }

  #partitionOf({ partition, key }: OutgoingRecord, topic: TopicLanes): number | undefined {
    if (partition !== undefined) return partition >= 0 && partition < topic.partitionCount ? partition : undefined;
    return key ? partitionOfKey(key, topic.partitionCount) : topic.stickyPartition;
  }

  async #resolve(topic: TopicLanes): Promise<void> {
    topic.isResolving = true;
    try {
      const metadata: ClusterMetadata = await this.#client.metadata({ topics: [topic.topic], forceUpdate: true });
      topic.partitionCount = metadata.topics.get(topic.topic)?.partitionsCount ?? 0;
      topic.resolvedAt = this.#connection.host.clock.monotonic();
      topic.isResolving = false;
      this.#place(topic);
    } catch (thrown) {
      topic.isResolving = false;
      topic.partitionCount = 0;
      const error = this.#connection.error(thrown, `send to topic "${topic.topic}"`);
      const failed = topic.unplaced;
      topic.unplaced = [];
      for (const pending of failed) {
        this.#settle(pending);
        pending.listener.failed(error);
      }
      this.#wake();
    }
  }

  #pump(lane: Lane): void {
    if (lane.isSending || lane.queue.length === 0) return;
    const batch = this.#takeBatch(lane);
    lane.isSending = true;
    let isOver = false;
    const finish = (settle: (pending: PendingSend, index: number) => void) => {
      if (isOver) return;
      isOver = true;
      for (const pending of batch) this.#settle(pending);
      batch.forEach(settle);
      this.#wake();
    };
    const { clock } = this.#connection.host;
    const cancel: Cancel = clock.after(this.#settings.deliveryWaitMsMax, () => {
      const message = `${this.#connection.target}: no acknowledgement from ${lane.topic}-${lane.partition} within ${this.#settings.deliveryWaitMsMax} ms`;
      const error = new KafkaError('KAFKA_SEND_TIMEOUT', message, { retriable: true });
      finish(({ listener }) => listener.failed(error));
    });
    this.#request(lane, batch)
      .then(
        (base) =>
          finish(({ listener }, index) => listener.sent(lane.partition, base === undefined ? undefined : base + index)),
        (thrown) => {
          const error = this.#connection.error(thrown, `send to ${lane.topic}-${lane.partition}`);
          // The topic may have been made anew with fewer partitions: ask before the next record.
          this.#topic(lane.topic).partitionCount = 0;
          finish(({ listener }) => listener.failed(error));
        },
      )
      .finally(() => {
        cancel();
        lane.isSending = false;
        this.#pump(lane);
      });
  }

  #takeBatch(lane: Lane): PendingSend[] {
    const { batchBytesMax, batchRecordsMax } = this.#settings;
    let count = 0;
    let bytes = 0;
    while (count < lane.queue.length && count < batchRecordsMax) {
      bytes += lane.queue[count]!.sizeBytes;
      if (count > 0 && bytes > batchBytesMax) break;
      count++;
    }
    if (count === lane.queue.length) {
      const all = lane.queue;
      lane.queue = [];
      return all;
    }
    return lane.queue.splice(0, count);
  }

  /** One produce request; the base offset, or undefined with acks 0. */
  async #request(lane: Lane, batch: readonly PendingSend[]): Promise<number | undefined> {
    this.#renewClient(batch.length);
    const { acks, compression, idempotent } = this.#settings;
    const result = await this.#client.send({
      messages: batch.map(({ record }) => toMessage(record, lane.partition)),
      acks: acks === 'all' ? -1 : acks,
      compression,
      // Asked for per send and not per client: a client that is idempotent as a whole sends one request at a time to a broker,
      // where the order only needs one at a time to a partition, which the lanes see to.
      idempotent: idempotent && acks === 'all',
    });
    const offset = result.offsets?.[0]?.offset;
    return acks === 0 || offset === undefined ? undefined : Number(offset);
  }

  #renewClient(records: number): void {
    this.#recordsOfClient += records;
    if (this.#recordsOfClient < sequencesMax) return;
    const old = this.#client;
    this.#recordsOfClient = records;
    this.#client = this.#connection.createProducer();
    // What is under way on the old client ends first: its requests are bounded by the delivery time.
    this.#connection.host.clock.after(this.#settings.deliveryWaitMsMax, () => void old.close(true).catch(() => {}));
  }

  #settle(pending: PendingSend): void {
    this.#records--;
    this.#bytes -= pending.sizeBytes;
  }

  #wake(): void {
    if (this.#records === 0) this.#drained();
    if (this.#isFull || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function toMessage({ topic, key, value, headers, timestampMs }: OutgoingRecord, partition: number): Message {
  const message: Message = { topic, partition };
  if (key) message.key = key;
  // The library writes null for a missing value, which is a tombstone on the wire.
  if (value) message.value = value;
  if (timestampMs !== undefined) message.timestamp = BigInt(timestampMs);
  if (headers?.length)
    message.headers = new Map(headers.map((header) => [Buffer.from(header.key), header.value as Buffer]));
  return message;
}
