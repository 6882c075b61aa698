import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { descriptorsMax } from './descriptors-max.ts';

const kinds: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };
const nanosPerSecond = 1e9;
/** Figures are read many times for one page, and made once. */
const freshMs = 100;

/** Watches over this process: begins to count at once, until `stop`. */
export function watchProcess() {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const collections = new Map<string, { count: number; seconds: number }>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { readonly detail?: { readonly kind?: number } };
      const kind = kinds[detail?.kind ?? 0] ?? 'other';
      const seen = collections.get(kind) ?? { count: 0, seconds: 0 };
      collections.set(kind, { count: seen.count + 1, seconds: seen.seconds + entry.duration / 1_000 });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  let busyFrom = performance.eventLoopUtilization();
  const startTimeSeconds = (Date.now() - process.uptime() * 1_000) / 1_000;
  const figures = () => {
    const cpu = process.cpuUsage();
    const memory = process.memoryUsage();
    const utilization = performance.eventLoopUtilization(busyFrom).utilization;
    busyFrom = performance.eventLoopUtilization();
    const loopLag = {
      mean: secondsOf(delay.mean),
      max: secondsOf(delay.max),
      p50: secondsOf(delay.percentile(50)),
      p90: secondsOf(delay.percentile(90)),
      p99: secondsOf(delay.percentile(99)),
    };
    delay.reset();
    return {
      cpuSeconds: { user: cpu.user / 1e6, system: cpu.system / 1e6 },
      startTimeSeconds,
      residentBytes: memory.rss,
      heapTotalBytes: memory.heapTotal,
      heapUsedBytes: memory.heapUsed,
      externalBytes: memory.external,
      openDescriptors: openDescriptors(),
      maxDescriptors: descriptorsMax(),
      loopLag,
      loopUtilization: utilization,
      collections,
      nodeVersion: process.version,
    };
  };
  let made: { readonly atMs: number; readonly figures: ReturnType<typeof figures> } | undefined;
  return {
    read: () => {
      const nowMs = performance.now();
      if (!made || nowMs - made.atMs > freshMs) made = { atMs: nowMs, figures: figures() };
      return made.figures;
    },
    stop: () => {
      delay.disable();
      observer.disconnect();
    },
  };
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
