import type { Cancel, Clock } from '../../base/clock.ts';
import type { RawMessage, TopicSource } from './topic-source.ts';

/** Messages that wait for the next delivery; when more come, the oldest are left out and counted. */
const tailMessagesMax = 200;
/** Pause between deliveries: a person sees no difference, a busy topic costs ten frames a second at most. */
const tailEveryMs = 100;

/** Why a partition cannot be read on as things stand: a damaged batch. */
export interface TailFailure {
  readonly partition: number;
  readonly message: string;
}

/** What came since the delivery before. */
export interface TailDelivery {
  readonly messages: readonly RawMessage[];
  /** Messages that were left out. */
  readonly dropped: number;
  readonly failures: readonly TailFailure[];
}

/** Takes a delivery; false when the window could not. */
export type TailSink = (delivery: TailDelivery) => boolean;

/** A partition that stands still, and where. */
interface Standstill extends TailFailure {
  readonly position: number;
}

/** Follows a topic from its end on. Memory is bounded whatever the topic's rate; what is left out is counted. */
export class Tail {
  readonly #clock: Clock;
  readonly #sink: TailSink;
  readonly #waiting: RawMessage[] = [];
  #reading: ReturnType<TopicSource['readFrom']> | undefined;
  #partitions: readonly number[] = [];
  readonly #stuck = new Map<number, Standstill>();
  #dropped = 0;
  #cancelDelivery: Cancel | undefined;
  #isClosed = false;

  constructor(clock: Clock, sink: TailSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  /** Finds the ends of the partitions and begins. Rejects with KAFKA_UNKNOWN_TOPIC, KAFKA_CONNECT_FAILED. */
  async start(source: TopicSource, topic: string): Promise<void> {
    const ends = (await source.bounds(topic)).map(({ partition, end }) => ({ partition, offset: end }));
    if (this.#isClosed) return;
    this.#partitions = ends.map(({ partition }) => partition);
    this.#reading = source.readFrom(topic, ends, () => this.#take());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelDelivery?.();
    await this.#reading?.close();
  }

  #take(): void {
    if (this.#isClosed || !this.#reading) return;
    for (let record = this.#reading.next(); record; record = this.#reading.next()) this.#waiting.push(record);
    const surplus = this.#waiting.length - tailMessagesMax;
    if (surplus > 0) {
      this.#waiting.splice(0, surplus);
      this.#dropped += surplus;
    }
    const isNews = this.#lookForDamage();
    if (this.#waiting.length > 0 || isNews) this.#plan();
  }

  /** True when a partition came to stand still, or goes on again. The next fetch clears a failure: only a new position ends it. */
  #lookForDamage(): boolean {
    const reading = this.#reading!;
    let isNews = false;
    for (const partition of this.#partitions) {
      const position = reading.position(partition);
      const known = this.#stuck.get(partition);
      const failure = reading.failure(partition);
      if (failure && known?.position !== position)
        this.#stuck.set(partition, { partition, position, message: failure.message });
      else if (!failure && known && position > known.position) this.#stuck.delete(partition);
      else continue;
      isNews = true;
    }
    return isNews;
  }

  #plan(): void {
    this.#cancelDelivery ??= this.#clock.after(tailEveryMs, () => this.#deliver());
  }

  #deliver(): void {
    this.#cancelDelivery = undefined;
    const messages = this.#waiting.splice(0);
    messages.sort((a, b) => a.timestampMs - b.timestampMs || a.partition - b.partition || a.offset - b.offset);
    const failures = [...this.#stuck.values()].map(({ partition, message }) => ({ partition, message }));
    const isTaken = this.#sink({ messages, dropped: this.#dropped, failures });
    this.#dropped = isTaken ? 0 : this.#dropped + messages.length;
    // What stands still stays: it is told until the window heard it, messages or none.
    if (!isTaken && failures.length > 0) this.#plan();
  }
}
