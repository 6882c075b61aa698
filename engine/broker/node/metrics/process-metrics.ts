import type { MetricRegistry } from './metric-registry.ts';

/** What is asked of the process; only its own broker shows it. */
export interface ProcessFigures {
  readonly cpuSeconds: { readonly user: number; readonly system: number };
  readonly startTimeSeconds: number;
  readonly residentBytes: number;
  readonly heapTotalBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  /** Undefined where the system does not say. */
  readonly openDescriptors: number | undefined;
  readonly maxDescriptors: number | undefined;
  /** How late the event loop was since the last look, in seconds: mean, worst, and quantiles. */
  readonly loopLag: {
    readonly mean: number;
    readonly max: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  };
  /** Of the time since the last look, how much the loop was busy: 0 to 1. */
  readonly loopUtilization: number;
  /** Collections of garbage by kind: how many, and their seconds. */
  readonly collections: ReadonlyMap<string, { readonly count: number; readonly seconds: number }>;
  readonly nodeVersion: string;
}

type Figure = readonly [name: string, help: string, of: (figures: ProcessFigures) => number | undefined];

const counters: readonly Figure[] = [
  ['process_cpu_user_seconds_total', 'CPU time of the process in user mode.', ({ cpuSeconds }) => cpuSeconds.user],
  ['process_cpu_system_seconds_total', 'CPU time of the process in the system.', ({ cpuSeconds }) => cpuSeconds.system],
  ['process_cpu_seconds_total', 'CPU time of the process.', ({ cpuSeconds }) => cpuSeconds.user + cpuSeconds.system],
];

const gauges: readonly Figure[] = [
  ['process_start_time_seconds', 'When the process started, since 1970.', (figures) => figures.startTimeSeconds],
  ['process_resident_memory_bytes', 'Memory of the process.', (figures) => figures.residentBytes],
  ['process_open_fds', 'Open file descriptors.', (figures) => figures.openDescriptors],
  ['process_max_fds', 'File descriptors that the process may open.', (figures) => figures.maxDescriptors],
  ['nodejs_heap_size_total_bytes', 'Size of the JavaScript heap.', (figures) => figures.heapTotalBytes],
  ['nodejs_heap_size_used_bytes', 'JavaScript heap in use.', (figures) => figures.heapUsedBytes],
  ['nodejs_external_memory_bytes', 'Memory of buffers.', (figures) => figures.externalBytes],
  ['nodejs_eventloop_lag_mean_seconds', 'How late the event loop was.', ({ loopLag }) => loopLag.mean],
  ['nodejs_eventloop_lag_max_seconds', 'The latest that it was.', ({ loopLag }) => loopLag.max],
  ['nodejs_eventloop_lag_p50_seconds', 'Median of that.', ({ loopLag }) => loopLag.p50],
  ['nodejs_eventloop_lag_p90_seconds', '90 % of that.', ({ loopLag }) => loopLag.p90],
  ['nodejs_eventloop_lag_p99_seconds', '99 % of that.', ({ loopLag }) => loopLag.p99],
  ['nodejs_eventloop_utilization', 'Part of the time that the loop is busy.', (figures) => figures.loopUtilization],
];

/** Standard metrics of a process and of Node, under the names that client libraries of Prometheus give them. */
export function processMetrics(registry: MetricRegistry, read: () => ProcessFigures): void {
  const series = (of: Figure[2]) => () => {
    const value = of(read());
    return value === undefined ? [] : [[[], value] as const];
  };
  for (const [name, help, of] of counters) registry.counts(name, help, [], series(of));
  for (const [name, help, of] of gauges) registry.gauge(name, help, [], series(of));
  registry.counts('nodejs_gc_duration_seconds_sum', 'Time of collections of garbage.', ['kind'], function* () {
    for (const [kind, { seconds }] of read().collections) yield [[kind], seconds];
  });
  registry.counts('nodejs_gc_duration_seconds_count', 'Collections of garbage.', ['kind'], function* () {
    for (const [kind, { count }] of read().collections) yield [[kind], count];
  });
  registry.gauge('nodejs_version_info', 'Version of Node.', ['version'], () => [[[read().nodeVersion], 1]]);
}
