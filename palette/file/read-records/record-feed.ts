import type { Clock } from '../../../engine/base/clock.ts';
import type { StarterInstance, StarterSink } from '../../../engine/spi/runtime.ts';
import { OutstandingEvents } from '../../outstanding-events.ts';
import { faultMessage } from './read-file-records.ts';
import { BadRecord } from './text-fault.ts';

/** Where and how fast records go. */
export interface FeedOptions {
  readonly file: string;
  /** 0 is as fast as there is room. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
}

/** Hands over records one by one: each waits for its time and for room. */
export class RecordFeed implements StarterInstance {
  readonly #records: () => AsyncIterable<readonly unknown[]>;
  readonly #options: FeedOptions;
  readonly #outstanding = new OutstandingEvents();
  #isStopped = false;
  #hasRoom = true;
  #dueMs = 0;
  /** Ends whatever the feed waits for. */
  #wake: () => void = () => {};
  #feeding: Promise<void> = Promise.resolve();

  constructor(records: () => AsyncIterable<readonly unknown[]>, options: FeedOptions) {
    this.#records = records;
    this.#options = options;
  }

  async start(sink: StarterSink): Promise<void> {
    this.#dueMs = this.#options.clock.monotonic();
    sink.onReady(() => {
      this.#hasRoom = true;
      this.#wake();
    });
    this.#feeding = this.#feed(sink).catch((error: unknown) =>
      sink.failed(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#feeding;
    await this.#outstanding.drained();
  }

  origin(output: unknown): string {
    return `${this.#options.file} #${(output as { readonly index: number }).index}`;
  }

  async #feed(sink: StarterSink): Promise<void> {
    let index = 0;
    for await (const records of this.#records()) {
      for (const record of records) {
        if (this.#mustWait) await this.#turn();
        if (this.#isStopped) return;
        this.#hasRoom = sink.emit(this.#outstanding.event(this.#output(record, index)));
        index++;
      }
    }
    if (!this.#isStopped) sink.finished();
  }

  #output(record: unknown, index: number): unknown {
    const { file } = this.#options;
    if (!(record instanceof BadRecord)) return { record, index, file };
    const { line, column, text } = record;
    return {
      index,
      file,
      error: { code: 'FILE_FORMAT', message: faultMessage(record, { path: file }), line, column, text },
    };
  }

  get #mustWait(): boolean {
    return !this.#hasRoom || this.#options.ratePerSecond !== 0;
  }

  /** Waits until the next record may go. Time lost without room is not made up for: the rate is a limit. */
  async #turn(): Promise<void> {
    const { clock, ratePerSecond } = this.#options;
    while (!this.#hasRoom && !this.#isStopped) {
      await this.#sleep();
      this.#dueMs = Math.max(this.#dueMs, clock.monotonic());
    }
    if (ratePerSecond === 0) return;
    while (this.#dueMs > clock.monotonic() && !this.#isStopped) await this.#sleep(this.#dueMs - clock.monotonic());
    this.#dueMs += 1000 / ratePerSecond;
  }

  /** Sleeps until woken, or for a time. */
  #sleep(durationMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = durationMs === undefined ? () => {} : this.#options.clock.after(Math.ceil(durationMs), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
