import type { Clock } from '../../../base/clock.ts';
import type { Compression } from '../../../records/record-batch.ts';
import { decompressInBackground } from '../../../records/record-decompress.ts';
import { inflationsMax } from './inflation-limits.ts';

/** Lets a few inflations run at a time, in order of arrival: each may take tens of MiB while it lasts. */
export class InflationGate {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Inflates in the background, with pauses in which others have a turn; to be called within `run`. Rejects when the bytes are damaged or inflate beyond `bytesMax`. */
  inflate(compression: Compression, bytes: Buffer, bytesMax: number): Promise<Buffer> {
    const pause = () => new Promise<void>((resolve) => this.#clock.soon(resolve));
    return decompressInBackground(compression, bytes, pause, bytesMax);
  }

  /** Runs `work` when its turn has come. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= inflationsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
