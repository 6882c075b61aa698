import { Summary } from './summary.ts';

/** Label names and values of one series, in the order of the metric's declaration. */
export type LabelValues = readonly (string | number)[];

/** Series of one metric; further label combinations are not counted, so memory stays bounded. */
const seriesPerMetricMax = 10_000;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Lines without the HELP and TYPE heads. */
  readonly lines: () => Iterable<string>;
}

/** Metrics by name, printed in Prometheus' text form (version 0.0.4). */
export class MetricRegistry {
  readonly #metrics: Metric[] = [];

  counter(name: string, help: string, labels: readonly string[] = []): Counter {
    const counter = new Counter(name, labels);
    this.#metrics.push({ name, help, type: 'counter', lines: () => counter.lines() });
    return counter;
  }

  /** A gauge whose series are read when somebody asks. */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Iterable<readonly [LabelValues, number]>,
  ): void {
    this.#metrics.push({ name, help, type: 'gauge', lines: () => seriesLines(name, labels, read()) });
  }

  /** The same of numbers that only grow. */
  counts(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Iterable<readonly [LabelValues, number]>,
  ): void {
    this.#metrics.push({ name, help, type: 'counter', lines: () => seriesLines(name, labels, read()) });
  }

  /** Quantiles of what was observed in the last minutes, by one label. */
  summary(name: string, help: string, label: string, nowMs: () => number): Summary {
    const summary = new Summary(nowMs);
    const lines = function* (): Iterable<string> {
      for (const [value, quantile, at] of summary.quantiles())
        yield `${name}${labelText([label, 'quantile'], [value, quantile])} ${at}`;
      for (const [value, count, sum] of summary.totals()) {
        yield `${name}_sum${labelText([label], [value])} ${sum}`;
        yield `${name}_count${labelText([label], [value])} ${count}`;
      }
    };
    this.#metrics.push({ name, help, type: 'summary', lines });
    return summary;
  }

  /** `bounds` are upper bucket limits, ascending, in the metric's unit. */
  histogram(name: string, help: string, labels: readonly string[], bounds: readonly number[]): Histogram {
    const histogram = new Histogram(name, labels, bounds);
    this.#metrics.push({ name, help, type: 'histogram', lines: () => histogram.lines() });
    return histogram;
  }

  text(): string {
    const lines: string[] = [];
    for (const metric of this.#metrics) {
      lines.push(`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`, ...metric.lines());
    }
    return `${lines.join('\n')}\n`;
  }
}

/** A number that only grows, for each combination of label values. */
export class Counter {
  readonly #name: string;
  readonly #labels: readonly string[];
  readonly #series = new Map<string, { values: LabelValues; count: number }>();

  constructor(name: string, labels: readonly string[]) {
    this.#name = name;
    this.#labels = labels;
  }

  add(amount: number, ...values: LabelValues): void {
    const key = values.length === 1 ? String(values[0]) : values.join('\u0000');
    const series = this.#series.get(key);
    if (series) series.count += amount;
    else if (this.#series.size < seriesPerMetricMax) this.#series.set(key, { values, count: amount });
  }

  /** The count of one series; 0 when it does not exist yet. */
  value(...values: LabelValues): number {
    return this.#series.get(values.join('\u0000'))?.count ?? 0;
  }

  /** Every series with its count. */
  *entries(): Iterable<readonly [LabelValues, number]> {
    for (const { values, count } of this.#series.values()) yield [values, count];
  }

  *lines(): Iterable<string> {
    for (const { values, count } of this.#series.values())
      yield `${this.#name}${labelText(this.#labels, values)} ${count}`;
  }
}

interface HistogramSeries {
  readonly values: LabelValues;
  readonly counts: number[];
  sum: number;
}

/** Counts of observations by size, for each combination of label values. */
export class Histogram {
  readonly #name: string;
  readonly #labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, HistogramSeries>();

  constructor(name: string, labels: readonly string[], bounds: readonly number[]) {
    this.#name = name;
    this.#labels = labels;
    this.#bounds = bounds;
  }

  observe(value: number, ...values: LabelValues): void {
    const key = values.length === 1 ? String(values[0]) : values.join('\u0000');
    let series = this.#series.get(key);
    if (!series) {
      if (this.#series.size >= seriesPerMetricMax) return;
      series = { values, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
      this.#series.set(key, series);
    }
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  *lines(): Iterable<string> {
    const labels = [...this.#labels, 'le'];
    for (const { values, counts, sum } of this.#series.values()) {
      let total = 0;
      for (const [index, count] of counts.entries()) {
        total += count;
        yield `${this.#name}_bucket${labelText(labels, [...values, this.#bounds[index] ?? '+Inf'])} ${total}`;
      }
      yield `${this.#name}_sum${labelText(this.#labels, values)} ${sum}`;
      yield `${this.#name}_count${labelText(this.#labels, values)} ${total}`;
    }
  }
}

function* seriesLines(
  name: string,
  labels: readonly string[],
  series: Iterable<readonly [LabelValues, number]>,
): Iterable<string> {
  for (const [values, value] of series) yield `${name}${labelText(labels, values)} ${value}`;
}

/** A series may have fewer labels than its metric: the total beside its parts. */
function labelText(names: readonly string[], values: LabelValues): string {
  if (values.length === 0) return '';
  return `{${values.map((value, index) => `${names[index]}="${escapeLabel(String(value))}"`).join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
