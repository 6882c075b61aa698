import type { SampleWindows } from './sampled-rate.ts';
import { SampledRate, throttleMs } from './sampled-rate.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a share of a quota has used up. */
export interface QuotaUsage {
  /** Books a value; a negative one takes back. @returns how long to wait, in ms; 0: not at all */
  book(value: number, limit: number, nowMs: number): number;
  /** What is used up a second, over the window. */
  rate(nowMs: number): number;
}

/** As Kafka counts: a rate over a window, used up in a burst and then missing until the burst is too old. */
export class WindowUsage implements QuotaUsage {
  readonly #rate: SampledRate;

  constructor(windows: SampleWindows) {
    this.#rate = new SampledRate(windows);
  }

  book(value: number, limit: number, nowMs: number): number {
    this.#rate.record(value, nowMs);
    return throttleMs(this.#rate.sum(nowMs), this.#rate.windowMs(nowMs), limit);
  }

  rate(nowMs: number): number {
    return (this.#rate.sum(nowMs) / this.#rate.windowMs(nowMs)) * 1_000;
  }
}

/** Smoothly: one sample's worth at once, and from then on as it fills up, without the burst and the trickle after it. */
export class SmoothUsage implements QuotaUsage {
  readonly #burstSeconds: number;
  /** For whoever looks: the bucket itself tells what is left, not what was used. */
  readonly #rate: SampledRate;
  #bucket: TokenBucket | undefined;

  constructor(windows: SampleWindows) {
    this.#burstSeconds = windows.sampleMs / 1_000;
    this.#rate = new SampledRate(windows);
  }

  book(value: number, limit: number, nowMs: number): number {
    this.#rate.record(value, nowMs);
    this.#bucket ??= new TokenBucket(limit, this.#burstSeconds, nowMs);
    this.#bucket.setRate(limit, nowMs);
    this.#bucket.take(value, nowMs);
    return this.#bucket.throttleMs(nowMs);
  }

  rate(nowMs: number): number {
    return (this.#rate.sum(nowMs) / this.#rate.windowMs(nowMs)) * 1_000;
  }
}
