import type { Cancel, Clock } from '../../base/clock.ts';
import type { RawMessage, TopicSource } from './topic-source.ts';

/** Messages that wait for the next delivery; when more come, the oldest are left out and counted. */
const tailMessagesMax = 200;
/** Pause between deliveries: a person sees no difference, a busy topic costs ten frames a second at most. */
const tailEveryMs = 100;

/** Hands over what came since; false when the window could not take it. */
export type TailSink = (messages: readonly RawMessage[], dropped: number) => boolean;

/** Follows a topic from its end on. Memory is bounded whatever the topic's rate; what is left out is counted. */
export class Tail {
  readonly #clock: Clock;
  readonly #sink: TailSink;
  readonly #waiting: RawMessage[] = [];
  #reading: ReturnType<TopicSource['readFrom']> | undefined;
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
    if (this.#waiting.length > 0) this.#cancelDelivery ??= this.#clock.after(tailEveryMs, () => this.#deliver());
  }

  #deliver(): void {
    this.#cancelDelivery = undefined;
    const messages = this.#waiting.splice(0);
    messages.sort((a, b) => a.timestampMs - b.timestampMs || a.partition - b.partition || a.offset - b.offset);
    this.#dropped = this.#sink(messages, this.#dropped) ? 0 : this.#dropped + messages.length;
  }
}
