import type { Cancel } from '../base/clock.ts';
import type { MillraceError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { KafkaConnection } from './connection.ts';
import { KafkaError, WireFault } from './kafka-error.ts';
import type { Lane, PendingSend } from './producer/lane.ts';
import { emptied } from './producer/lane.ts';
import type { SenderHost } from './producer/sender.ts';
import { Sender } from './producer/sender.ts';
import { TopicLanes } from './producer/topic-lanes.ts';
import type { Writers } from './producer/writers.ts';
import type { OutgoingRecord, ProducerSettings, SendListener, SentRecord } from './producer-settings.ts';
import { producerDefaults } from './producer-settings.ts';
import { ClusterClient } from './wire/cluster-client.ts';

const recordOverheadBytes = 70;
/** A topic or partition that was never there is waited for this long: a new one is known to every broker a moment later. */
const newTopicWaitMsMax = 2_000;
/** One that was there and is gone may be about to be made anew. */
const lostTopicWaitMsMax = 10_000;
/** Topics in use are named to the metadata this often, so that it does not forget them. */
const touchIntervalMs = 30_000;

/** What a transactional producer gives the one that sends for it. */
export interface TransactionGround {
  readonly client: ClusterClient;
  readonly writers: Writers;
  /** A record was not sent: the transaction must not be committed. */
  failed(error: Error): void;
  /** Something that was failed may be written all the same. */
  doubted(): void;
}

/** Bytes that a record counts for against the bounds. */
function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let size = recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  if (headers) for (const header of headers) size += header.key.length + (header.value?.length ?? 0);
  return size;
}

/**
 * Sends records in batches: everything that one turn (or `lingerMs`) hands over for a partition goes out as one batch, all batches
 * for one broker as one request. Memory is bounded: `send` refuses with KAFKA_BUFFER_FULL beyond the bounds, and `ready` tells a
 * caller when to come back. Idempotent with acks 'all': what is sent again is not written twice, in order. A record settles within
 * the delivery time from its `send`, whatever it waits for.
 */
export class KafkaProducer {
  readonly #connection: KafkaConnection;
  readonly #settings: ProducerSettings;
  readonly #client: ClusterClient;
  readonly #sender: Sender;
  readonly #topics = new Map<string, TopicLanes>();
  readonly #dirty = new Set<TopicLanes>();
  readonly #waiting: (() => void)[] = [];
  readonly #transaction: TransactionGround | undefined;
  readonly #stopWatch: Cancel;
  #records = 0;
  #bytes = 0;
  #isFlushPlanned = false;
  #isClosed = false;
  /** Both clocks, read once a turn: records come in bursts. */
  #turnMs = 0;
  #turnTimeMs = 0;
  #touchedAt = Number.NEGATIVE_INFINITY;
  #stopSweep: Cancel | undefined;
  #stopLinger: Cancel = () => {};
  #drained: (() => void)[] = [];
  readonly #rested: (() => void)[] = [];

  constructor(connection: KafkaConnection, settings: Partial<ProducerSettings> = {}, transaction?: TransactionGround) {
    this.#connection = connection;
    this.#settings = { ...producerDefaults, ...settings };
    this.#client = transaction?.client ?? new ClusterClient(connection);
    this.#transaction = transaction;
    const host: SenderHost = {
      sent: (send, partition, offset) => {
        this.#release(send);
        send.listener.sent(partition, offset);
      },
      failed: (send, error) => {
        this.#release(send);
        send.listener.failed(error);
        this.#transaction?.failed(error);
      },
      settled: () => {
        this.#wake();
        for (const resolve of this.#rested.splice(0)) resolve();
      },
      missing: (topic) => this.#resolve(this.#topic(topic)),
      gone: (lane) => this.#reclaim(lane),
      broken: (fault) => this.#failAll(this.#connection.error(fault, 'send')),
    };
    this.#sender = new Sender(connection, this.#settings, this.#client, host, transaction?.writers);
    this.#stopWatch = this.#client.metadata.onChange(() => this.#metadataChanged());
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
      const found = await this.#client.metadata.require(topics, { fresh: true });
      for (const view of found.values()) if (view instanceof KafkaError) throw view;
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
    this.#planFlush();
    const topic = this.#topic(record.topic);
    topic.unplaced.push({
      key: record.key,
      value: record.value,
      headers: record.headers,
      timestampMs: record.timestampMs ?? this.#turnTimeMs,
      partition: record.partition,
      sizeBytes,
      acceptedAt: this.#turnMs,
      listener,
      isSettled: false,
    });
    this.#dirty.add(topic);
  }

  /** Resolves when everything accepted is settled, one way or the other. */
  settled(): Promise<void> {
    if (this.#records === 0) return Promise.resolve();
    // Nothing comes now that could travel with what is there.
    if (this.#settings.lingerMs > 0) {
      this.#stopLinger();
      this.#flush();
    }
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Lanes that could not be sent from may be tried again. */
  wake(): void {
    this.#sender.drain();
  }

  /** Fails what is not settled, and resolves when nothing is under way any more. */
  async discard(error: MillraceError): Promise<void> {
    this.#failAll(error);
    const lanes = () => [...this.#topics.values()].flatMap(({ allLanes }) => allLanes);
    while (lanes().some(({ state }) => state !== 'idle'))
      await new Promise<void>((resolve) => {
        this.#rested.push(resolve);
      });
    for (const lane of lanes()) if (emptied(lane)) this.#transaction?.doubted();
  }

  /** Waits until everything accepted is settled, at most `waitMsMax`, then closes the sockets and fails what is left. */
  async close(waitMsMax = 10_000): Promise<void> {
    this.#isClosed = true;
    if (this.#records > 0) await settledWithin(this.#connection.host.clock, waitMsMax, this.settled());
    this.#sender.close();
    this.#stopWatch();
    this.#stopSweep?.();
    await this.#client.close();
    if (this.#records > 0)
      this.#failAll(new KafkaError('KAFKA_CLOSED', `${this.#connection.target}: the producer was closed`));
  }

  get #isFull(): boolean {
    return this.#records >= this.#settings.bufferRecordsMax || this.#bytes >= this.#settings.bufferBytesMax;
  }

  #topic(name: string): TopicLanes {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = new TopicLanes(name, this.#connection.host.random, this.#settings.batchBytesMax);
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #planFlush(): void {
    const { clock } = this.#connection.host;
    if (!this.#isFlushPlanned || this.#settings.lingerMs > 0) {
      this.#turnMs = clock.monotonic();
      this.#turnTimeMs = clock.now();
    }
    this.#stopSweep ??= clock.after(this.#settings.deliveryWaitMsMax, () => this.#sweep());
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    if (this.#settings.lingerMs > 0) this.#stopLinger = clock.after(this.#settings.lingerMs, () => this.#flush());
    else clock.soon(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    const topics = [...this.#dirty];
    this.#dirty.clear();
    for (const topic of topics) this.#place(topic);
    this.#touch();
    this.#sender.drain();
  }

  /** Gives every unplaced record its lane; the sender is drained by the caller. */
  #place(topic: TopicLanes): void {
    if (topic.unplaced.length === 0) {
      topic.growTries = 0;
      return;
    }
    const view = this.#client.metadata.topic(topic.name);
    if (!view || view.partitions.length === 0) {
      this.#resolve(topic);
      return;
    }
    const learnedAt = this.#client.metadata.learnedAt(topic.name);
    topic.place(
      view,
      (lane) => this.#sender.add(lane),
      (send) => {
        const message = `${this.#connection.target}: topic "${topic.name}" has ${view.partitions.length} partitions, found partition ${send.partition}`;
        this.#fail(send, new KafkaError('KAFKA_UNKNOWN_PARTITION', message));
      },
      // The partition may have been added since the metadata was read, and a broker may not have heard of it yet.
      (send) => learnedAt < send.acceptedAt + newTopicWaitMsMax,
    );
    if (topic.unplaced.length > 0 && !topic.isHeldUp) this.#resolve(topic);
  }

  #touch(): void {
    const now = this.#turnMs;
    if (now - this.#touchedAt < touchIntervalMs) return;
    this.#touchedAt = now;
    this.#client.metadata.require([...this.#topics.keys()]).catch(() => {});
  }

  #resolve(topic: TopicLanes): void {
    if (topic.isResolving || this.#isOver) return;
    topic.isResolving = true;
    // The first question goes out at once: the partition may be there by now.
    const tries = this.#client.metadata.topic(topic.name) ? topic.growTries++ : 0;
    const paused = tries > 0 ? this.#connection.pause(tries) : Promise.resolve();
    void paused
      .then(() => this.#askAbout(topic))
      .finally(() => {
        topic.isResolving = false;
        if (this.#isOver) return;
        this.#place(topic);
        this.#sender.drain();
        this.#wake();
      });
  }

  get #isOver(): boolean {
    return this.#isClosed && this.#records === 0;
  }

  /** Asks until the topic is there, or missing for too long. Records fail by their own delivery time meanwhile. */
  async #askAbout(topic: TopicLanes): Promise<void> {
    const { clock } = this.#connection.host;
    for (let attempt = 1; !this.#isOver && this.#hasOpen(topic); attempt++) {
      const fault = await this.#missingFault(topic.name);
      if (!fault) {
        topic.missingSince = undefined;
        topic.wasKnown = true;
        return;
      }
      const isUnknown = fault.code === 'KAFKA_UNKNOWN_TOPIC';
      topic.missingSince ??= clock.monotonic();
      const waitMsMax = topic.wasKnown ? lostTopicWaitMsMax : newTopicWaitMsMax;
      const isTooLong = isUnknown && clock.monotonic() - topic.missingSince >= waitMsMax;
      if (isTooLong || (!fault.retriable && !isUnknown)) {
        topic.missingSince = undefined;
        // What comes next need not wait as long for it to come back.
        topic.wasKnown = false;
        this.#failTopic(topic, this.#connection.error(fault, `send to topic "${topic.name}"`));
        return;
      }
      topic.lastFault = fault;
      await this.#connection.pause(attempt);
    }
  }

  async #missingFault(topic: string): Promise<WireFault | undefined> {
    try {
      const found = (await this.#client.metadata.require([topic], { fresh: true })).get(topic);
      if (found instanceof WireFault) return found;
      return undefined;
    } catch (error) {
      return error instanceof WireFault ? error : new WireFault('KAFKA_CLIENT_FAILED', String(error));
    }
  }

  #hasOpen(topic: TopicLanes): boolean {
    if (topic.unplaced.length > 0) return true;
    for (const { queue, batch } of topic.lanes.values()) if (queue.length > 0 || batch) return true;
    return false;
  }

  #metadataChanged(): void {
    for (const topic of this.#topics.values()) {
      const view = this.#client.metadata.topic(topic.name);
      if (!view) continue;
      topic.wasKnown = true;
      topic.shrinkTo(view.partitions.length);
      for (const lane of topic.lanes.values()) this.#sender.unblock(lane, view);
      this.#place(topic);
    }
    this.#sender.leadersChanged();
    this.#sender.drain();
  }

  #reclaim(lane: Lane): void {
    const topic = this.#topic(lane.topic);
    topic.reclaim(lane);
    this.#place(topic);
  }

  /** Fails what has waited for its delivery time; what is under way may be written all the same. */
  #sweep(): void {
    const { clock } = this.#connection.host;
    const due = clock.monotonic() - this.#settings.deliveryWaitMsMax;
    let oldest = Number.POSITIVE_INFINITY;
    const look = (sends: readonly PendingSend[], where: string, fault: WireFault | undefined) => {
      for (const send of sends) {
        if (send.isSettled) continue;
        if (send.acceptedAt <= due) this.#fail(send, this.#timeOut(where, fault));
        else oldest = Math.min(oldest, send.acceptedAt);
      }
      return sends.filter(({ isSettled }) => !isSettled);
    };
    for (const topic of this.#topics.values()) {
      topic.unplaced = look(topic.unplaced, `topic "${topic.name}"`, topic.lastFault);
      for (const lane of topic.allLanes) {
        const where = `${lane.topic}-${lane.partition}`;
        look(lane.batch?.sends ?? lane.preparing, where, lane.lastFault);
        lane.queue = look(lane.queue, where, lane.lastFault);
      }
    }
    this.#wake();
    const isAny = Number.isFinite(oldest);
    this.#stopSweep = isAny ? clock.after(oldest - due, () => this.#sweep()) : undefined;
  }

  #timeOut(where: string, fault: WireFault | undefined): MillraceError {
    const { target } = this.#connection;
    const reason = fault ? `: ${fault.message}` : '';
    const message = `${target}: no acknowledgement from ${where} within ${this.#settings.deliveryWaitMsMax} ms${reason}`;
    return new KafkaError('KAFKA_SEND_TIMEOUT', message, { retriable: true, ...(fault ? { cause: fault } : {}) });
  }

  #failTopic(topic: TopicLanes, error: MillraceError): void {
    const sends = topic.unplaced;
    topic.unplaced = [];
    for (const send of sends) this.#fail(send, error);
    for (const lane of topic.allLanes) {
      for (const send of lane.batch?.sends ?? lane.preparing) this.#fail(send, error);
      const { queue } = lane;
      lane.queue = [];
      for (const send of queue) this.#fail(send, error);
    }
    this.#wake();
  }

  #failAll(error: MillraceError): void {
    for (const topic of this.#topics.values()) this.#failTopic(topic, error);
  }

  #fail(send: PendingSend, error: MillraceError): void {
    if (send.isSettled) return;
    send.isSettled = true;
    this.#release(send);
    send.listener.failed(error);
    this.#transaction?.failed(error);
  }

  #release(send: PendingSend): void {
    this.#records--;
    this.#bytes -= send.sizeBytes;
  }

  #wake(): void {
    if (this.#records === 0) for (const resolve of this.#drained.splice(0)) resolve();
    if (this.#isFull || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
