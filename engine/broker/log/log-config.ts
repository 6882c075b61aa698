import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import type { Compression } from '../../records/record-batch.ts';
import type { ConfigDefinition, ConfigValue } from './config-definition.ts';
import { parseConfigValue } from './config-definition.ts';
import type { TopicConfigName } from './topic-config-definitions.ts';
import { topicConfigDefinitions } from './topic-config-definitions.ts';

export type { ConfigDefinition, TopicConfigName };
export { topicConfigDefinitions };

/** The settings a partition log acts on, parsed. Times in ms, sizes in bytes; "no limit" is a very large number or -1 as in Kafka. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  /** Negative: no limit. */
  readonly retentionBytes: number;
  /** Negative: no limit. */
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  /** Codec of stored batches, `producer`: the one that they came with; and its level, the codec's own when undefined. */
  readonly compression: { readonly type: Compression | 'producer'; readonly level: number | undefined };
  readonly isCompacted: boolean;
  readonly isDeleted: boolean;
  /** Share of a compacted log above which what is not compacted makes a compaction due. */
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  /** How long tombstones stay after the compaction that first finds nothing older of their key, in ms. */
  readonly deleteRetentionMs: number;
  readonly isLogAppendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** How long the folder of a deleted topic is kept, in ms. */
  readonly fileDeleteDelayMs: number;
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElection: boolean;
  /** Milliseconds after its last batch for which a producer is remembered (broker setting producer.id.expiration.ms). */
  readonly producerExpirationMs: number;
}

const definitions: ReadonlyMap<string, ConfigDefinition> = new Map(
  topicConfigDefinitions.map((definition) => [definition.name, definition]),
);

/** The definition of a topic setting, or undefined for a name that Kafka 4.4 does not have. */
export function topicConfigDefinition(name: string): ConfigDefinition | undefined {
  return definitions.get(name);
}

/**
 * The config of a topic: Kafka's defaults under `overrides` (topic settings by name, already merged over the broker's).
 * Refused with a sentence for INVALID_CONFIG when a name is unknown or a value is out of its bounds.
 */
export function logConfigFrom(overrides: ReadonlyMap<string, string>): Result<LogConfig, string> {
  const values = new Map<string, ConfigValue>();
  for (const name of overrides.keys()) if (!definitions.has(name)) return refused(`Unknown topic config name: ${name}`);
  for (const definition of topicConfigDefinitions) {
    const parsed = parseConfigValue(definition, overrides.get(definition.name) ?? definition.default);
    if (!parsed.ok) return parsed;
    values.set(definition.name, parsed.value);
  }
  const minLagMs = values.get('min.compaction.lag.ms') as number;
  const maxLagMs = values.get('max.compaction.lag.ms') as number;
  if (minLagMs > maxLagMs)
    return refused(
      `conflict topic config setting min.compaction.lag.ms (${minLagMs}) > max.compaction.lag.ms (${maxLagMs})`,
    );
  return ok(configOf((name) => values.get(name)));
}

function configOf(read: (name: TopicConfigName) => ConfigValue | undefined): LogConfig {
  const number = (name: TopicConfigName) => read(name) as number;
  const policies = read('cleanup.policy') as readonly string[];
  const isCompacted = policies.includes('compact');
  return {
    segmentBytes: number('segment.bytes'),
    segmentMs: isCompacted ? Math.min(number('segment.ms'), number('max.compaction.lag.ms')) : number('segment.ms'),
    segmentIndexBytes: number('segment.index.bytes'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionBytes: number('retention.bytes'),
    retentionMs: number('retention.ms'),
    maxMessageBytes: number('max.message.bytes'),
    compression: compressionOf(read),
    isCompacted,
    isDeleted: policies.includes('delete'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    deleteRetentionMs: number('delete.retention.ms'),
    isLogAppendTime: read('message.timestamp.type') === 'LogAppendTime',
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
    minInsyncReplicas: number('min.insync.replicas'),
    uncleanLeaderElection: read('unclean.leader.election.enable') as boolean,
    producerExpirationMs: 86_400_000,
  };
}

function compressionOf(read: (name: TopicConfigName) => ConfigValue | undefined): LogConfig['compression'] {
  const type = read('compression.type') as Compression | 'uncompressed' | 'producer';
  if (type === 'uncompressed') return { type: 'none', level: undefined };
  if (type === 'zstd') return { type, level: read('compression.zstd.level') as number };
  const gzipLevel = read('compression.gzip.level') as number;
  return { type, level: type === 'gzip' && gzipLevel >= 0 ? gzipLevel : undefined };
}

/** Kafka's defaults. */
export const defaultLogConfig: LogConfig = defaults();

function defaults(): LogConfig {
  const config = logConfigFrom(new Map());
  if (!config.ok) throw new Error(config.error);
  return config.value;
}
