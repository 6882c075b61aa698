import type { CleanerStatus } from '../../log/cleaning/log-cleaner.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** What a broker shows of the compaction of its logs; read when somebody asks. */
export function cleanerMetrics(registry: MetricRegistry, status: () => CleanerStatus): void {
  const gauge = (name: string, help: string, read: (status: CleanerStatus) => number) =>
    registry.gauge(`millrace_compaction_${name}`, help, [], () => [[[], read(status())]]);
  gauge('runs_total', 'Logs that were compacted.', ({ cleanings }) => cleanings);
  gauge('read_bytes_total', 'Bytes of the segments that compaction replaced.', ({ bytesRead }) => bytesRead);
  gauge('written_bytes_total', 'Bytes that took their place.', ({ bytesWritten }) => bytesWritten);
  gauge('dirty_ratio_max', 'Largest share of a log that is not compacted.', ({ dirtyRatioMax }) => dirtyRatioMax);
  gauge(
    'uncleanable_partitions',
    'Compacted logs with a batch that cannot be read: they stay as they are.',
    ({ uncleanable }) => uncleanable,
  );
  gauge('uncleanable_bytes', 'Bytes that wait for compaction in those.', ({ uncleanableBytes }) => uncleanableBytes);
  // Under the names that the usual exporter gives kafka.log:type=LogCleanerManager.
  const kafka = (name: string, help: string, read: (status: CleanerStatus) => number) =>
    registry.gauge(`kafka_log_logcleanermanager_${name}`, help, [], () => [[[], read(status())]]);
  kafka('uncleanable_partitions_count', 'Logs that cannot be compacted.', ({ uncleanable }) => uncleanable);
  kafka('uncleanable_bytes', 'Bytes that wait in those.', ({ uncleanableBytes }) => uncleanableBytes);
  kafka('max_dirty_percent', 'Largest share of a log that is not compacted.', ({ dirtyRatioMax }) =>
    Math.floor(dirtyRatioMax * 100),
  );
  kafka(
    'time_since_last_run_ms',
    'Time since the last look for something to compact.',
    ({ sinceLookMs }) => sinceLookMs,
  );
}
