/** Quantiles that are shown, as Kafka's exporter names them. */
const quantiles = [0.5, 0.75, 0.95, 0.98, 0.99, 0.999] as const;

/** Buckets of a doubling: a quantile is exact to about 4 %. */
const bucketsPerOctave = 16;
/** From 2^-8 (4 us, where the unit is ms) to 2^40. */
const octaveMin = -8;
const octaves = 48;
/** A quantile tells of this window and of the one before, in ms: of 5 to 10 min. */
const windowMs = 300_000;
/** Series of one summary; further ones are not kept. */
const seriesMax = 200;

class Observed {
  count = 0;
  sum = 0;
  current = new Uint32Array(bucketsPerOctave * octaves);
  previous = new Uint32Array(bucketsPerOctave * octaves);
  startedMs: number;

  constructor(nowMs: number) {
    this.startedMs = nowMs;
  }

  /** Lets go of what is too old. */
  age(nowMs: number): void {
    const elapsedMs = nowMs - this.startedMs;
    if (elapsedMs < windowMs) return;
    const old = this.previous;
    this.previous = this.current;
    this.current = old.fill(0);
    if (elapsedMs >= 2 * windowMs) this.previous.fill(0);
    this.startedMs = nowMs;
  }
}

/** How observations are spread, by one label: counts in buckets whose bounds grow by a factor. No allocation per observation. */
export class Summary {
  readonly #nowMs: () => number;
  readonly #series = new Map<string, Observed>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** `value` at least 0. */
  observe(value: number, label: string): void {
    let observed = this.#series.get(label);
    if (!observed) {
      if (this.#series.size >= seriesMax) return;
      observed = new Observed(this.#nowMs());
      this.#series.set(label, observed);
    }
    observed.count++;
    observed.sum += value;
    const bucket = bucketOf(value);
    observed.current[bucket] = (observed.current[bucket] ?? 0) + 1;
  }

  /** Label, quantile and value; NaN where nothing was observed lately. */
  *quantiles(): Iterable<readonly [label: string, quantile: string, value: number]> {
    const nowMs = this.#nowMs();
    for (const [label, observed] of this.#series) {
      observed.age(nowMs);
      for (const quantile of quantiles) yield [label, quantileText(quantile), valueAt(observed, quantile)];
    }
  }

  /** Label, how many were observed since the start, and their sum. */
  *totals(): Iterable<readonly [label: string, count: number, sum: number]> {
    for (const [label, { count, sum }] of this.#series) yield [label, count, sum];
  }
}

function bucketOf(value: number): number {
  if (!(value > 0)) return 0;
  const bucket = Math.floor((Math.log2(value) - octaveMin) * bucketsPerOctave);
  return Math.min(Math.max(bucket, 0), bucketsPerOctave * octaves - 1);
}

/** Two digits at least: `0.50`. */
function quantileText(quantile: number): string {
  const text = String(quantile);
  return text.length < 4 ? `${text}0` : text;
}

/** The middle of the bucket in which the quantile lies. */
function valueAt({ current, previous }: Observed, quantile: number): number {
  let total = 0;
  for (let bucket = 0; bucket < current.length; bucket++) total += (current[bucket] ?? 0) + (previous[bucket] ?? 0);
  if (total === 0) return Number.NaN;
  let left = quantile * total;
  for (let bucket = 0; bucket < current.length; bucket++) {
    left -= (current[bucket] ?? 0) + (previous[bucket] ?? 0);
    if (left <= 0)
      return bucket === 0 ? 0 : Number((2 ** ((bucket + 0.5) / bucketsPerOctave + octaveMin)).toPrecision(4));
  }
  return Number.NaN;
}
