/** How a rate is sampled: `quota.window.num` samples of `quota.window.size.seconds` each. */
export interface SampleWindows {
  readonly samples: number;
  readonly sampleMs: number;
}

interface Sample {
  startMs: number;
  lastEventMs: number;
  sum: number;
}

/** Shortest window that a rate is taken over, in ms. */
const windowMsMin = 1;

/**
 * A sum over the last samples, and the time it is over, as Kafka's metrics have them. There is one sample more than the window
 * has, as the oldest of them is left only in part. A sample counts as long as its last event is within the window, so one that
 * began before it may count whole. Times are monotonic, in ms.
 */
export class SampledRate {
  readonly #windows: SampleWindows;
  readonly #samples: Sample[] = [];
  #current = 0;

  constructor(windows: SampleWindows) {
    this.#windows = windows;
  }

  /** Books a value; a negative one takes back. */
  record(value: number, nowMs: number): void {
    const { samples, sampleMs } = this.#windows;
    let sample = this.#samples[this.#current] ?? this.#start(nowMs);
    if (nowMs - sample.startMs >= sampleMs) {
      this.#current = (this.#current + 1) % (samples + 1);
      sample = this.#start(nowMs);
    }
    sample.sum += value;
    sample.lastEventMs = nowMs;
  }

  /** What was booked within the window. */
  sum(nowMs: number): number {
    this.#forgetOld(nowMs);
    let sum = 0;
    for (const sample of this.#samples) sum += sample.sum;
    return sum;
  }

  /** The time that the sum is over: from the oldest sample on, and at least all samples but one. */
  windowMs(nowMs: number): number {
    const { samples, sampleMs } = this.#windows;
    this.#forgetOld(nowMs);
    let oldestMs = nowMs;
    for (const { startMs } of this.#samples) oldestMs = Math.min(oldestMs, startMs);
    const elapsedMs = nowMs - oldestMs;
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / sampleMs));
    return Math.max(elapsedMs + missing * sampleMs, windowMsMin);
  }

  /** Puts an empty sample in the current place. */
  #start(nowMs: number): Sample {
    const sample = { startMs: nowMs, lastEventMs: nowMs, sum: 0 };
    this.#samples[this.#current] = sample;
    return sample;
  }

  #forgetOld(nowMs: number): void {
    const { samples, sampleMs } = this.#windows;
    const ageMsMax = samples * sampleMs;
    for (const sample of this.#samples) {
      if (nowMs - sample.lastEventMs < ageMsMax) continue;
      sample.startMs = nowMs;
      sample.lastEventMs = nowMs;
      sample.sum = 0;
    }
  }
}

/**
 * How long somebody has to wait who used up `sum` in a window, so that it comes down to the quota (per second): 0 while it is not
 * exceeded. In ms, rounded.
 */
export function throttleMs(sum: number, windowMs: number, quota: number): number {
  const isExceeded = sum * 1_000 > quota * windowMs;
  return isExceeded ? Math.round((sum * 1_000) / quota - windowMs) : 0;
}
