import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { descriptorsMax } from './descriptors-max.ts';

const kinds: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };
const nanosPerSecond = 1e9;
/** Figures are made once for a page. */
const freshMs = 100;

/** Watches over this process: counts from the beginning on, until `stop`. */
export class ProcessWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #collections = new Map<string, { readonly count: number; readonly seconds: number }>();
  readonly #observer: PerformanceObserver;
  readonly #startTimeSeconds = (Date.now() - process.uptime() * 1_000) / 1_000;
  #busyFrom = performance.eventLoopUtilization();
  #made: { readonly atMs: number; readonly figures: ReturnType<ProcessWatch['figures']> } | undefined;

  constructor() {
    this.#delay.enable();
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#collected(entry);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** The figures of now, or of a moment ago: one page asks for them many times. */
  read() {
    const nowMs = performance.now();
    if (!this.#made || nowMs - this.#made.atMs > freshMs) this.#made = { atMs: nowMs, figures: this.figures() };
    return this.#made.figures;
  }

  stop(): void {
    this.#delay.disable();
    this.#observer.disconnect();
  }

  /** The figures of now; lag and utilization are those since they were asked for last. */
  figures() {
    const cpu = process.cpuUsage();
    const memory = process.memoryUsage();
    const { utilization } = performance.eventLoopUtilization(this.#busyFrom);
    this.#busyFrom = performance.eventLoopUtilization();
    return {
      cpuSeconds: { user: cpu.user / 1e6, system: cpu.system / 1e6 },
      startTimeSeconds: this.#startTimeSeconds,
      residentBytes: memory.rss,
      heapTotalBytes: memory.heapTotal,
      heapUsedBytes: memory.heapUsed,
      externalBytes: memory.external,
      openDescriptors: openDescriptors(),
      maxDescriptors: descriptorsMax(),
      loopLag: this.#takeLag(),
      loopUtilization: utilization,
      collections: this.#collections,
      nodeVersion: process.version,
    };
  }

  #takeLag() {
    const delay = this.#delay;
    const at = (percentile: number) => secondsOf(delay.percentile(percentile));
    const lag = { mean: secondsOf(delay.mean), max: secondsOf(delay.max), p50: at(50), p90: at(90), p99: at(99) };
    delay.reset();
    return lag;
  }

  #collected(entry: { readonly duration: number }): void {
    const { detail } = entry as { readonly detail?: { readonly kind?: number } };
    const kind = kinds[detail?.kind ?? 0] ?? 'other';
    const { count, seconds } = this.#collections.get(kind) ?? { count: 0, seconds: 0 };
    this.#collections.set(kind, { count: count + 1, seconds: seconds + entry.duration / 1_000 });
  }
}

function secondsOf(nanos: number): number {
  return Number.isFinite(nanos) ? nanos / nanosPerSecond : 0;
}

function openDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
