import type { ConfigDefinition } from '../../log/config-definition.ts';

const longMax = '9223372036854775807';
const intMax = '2147483647';
const unused = 'Shown for tools that read it; nothing here depends on it.';

/**
 * A setting of Apache Kafka that this broker shows, but does not read at its start: Node has no thread pools, and there is one
 * listener. Some hold when they are set while it runs.
 */
export interface ShownConfig extends Pick<ConfigDefinition, 'name' | 'min' | 'max' | 'doc'> {
  readonly type: ConfigDefinition['type'] | 'class';
  readonly default: string | null;
  /** Kafka lets it be changed while the broker runs. Such a change is taken, kept and shown. */
  readonly isDynamic?: boolean;
}

/** What a broker is asked for besides its settings, under Kafka's names. */
export const shownConfigs: readonly ShownConfig[] = [
  { name: 'alter.config.policy.class.name', type: 'class', default: null, doc: 'There are no config policies.' },
  {
    name: 'auto.leader.rebalance.enable',
    type: 'boolean',
    default: 'true',
    doc: 'Preferred leaders get their lead back.',
  },
  { name: 'background.threads', type: 'int', default: '1', min: 1, isDynamic: true, doc: unused },
  { name: 'controlled.shutdown.enable', type: 'boolean', default: 'true', doc: 'Leaders move before a broker stops.' },
  { name: 'create.topic.policy.class.name', type: 'class', default: null, doc: 'There are no topic policies.' },
  {
    name: 'follower.replication.throttled.rate',
    type: 'long',
    default: longMax,
    min: 0,
    isDynamic: true,
    doc: 'Bytes a second of listed replicas here that catch up, all together.',
  },
  {
    name: 'leader.replication.throttled.rate',
    type: 'long',
    default: longMax,
    min: 0,
    isDynamic: true,
    doc: 'Bytes a second to listed replicas that catch up with this leader, all together.',
  },
  {
    name: 'group.coordinator.rebalance.protocols',
    type: 'list',
    default: 'classic',
    doc: 'Protocols of consumer groups that are served.',
  },
  {
    name: 'log.cleaner.io.buffer.load.factor',
    type: 'double',
    default: '0.9',
    isDynamic: true,
    doc: 'Part of log.cleaner.dedupe.buffer.size that is filled.',
  },
  {
    name: 'log.cleaner.io.max.bytes.per.second',
    type: 'double',
    default: '1.7976931348623157E308',
    isDynamic: true,
    doc: 'Bytes that compaction reads and writes a second.',
  },
  { name: 'log.cleaner.threads', type: 'int', default: '1', min: 0, isDynamic: true, doc: unused },
  { name: 'log.flush.scheduler.interval.ms', type: 'long', default: longMax, doc: unused },
  { name: 'log.retention.hours', type: 'int', default: '168', doc: 'What log.retention.ms is when it is not set.' },
  { name: 'log.retention.minutes', type: 'int', default: null, doc: unused },
  { name: 'log.roll.hours', type: 'int', default: '168', doc: 'What log.roll.ms is when it is not set.' },
  { name: 'log.roll.jitter.hours', type: 'int', default: '0', doc: unused },
  {
    name: 'max.connection.creation.rate',
    type: 'int',
    default: intMax,
    min: 1,
    isDynamic: true,
    doc: 'New connections of clients a second; more wait for their turn.',
  },
  {
    name: 'max.connections.per.ip',
    type: 'int',
    default: intMax,
    min: 0,
    isDynamic: true,
    doc: 'Connections of clients of one address at a time; further ones are closed at once.',
  },
  {
    name: 'max.connections.per.ip.overrides',
    type: 'string',
    default: '',
    isDynamic: true,
    doc: 'What max.connections.per.ip is for some addresses: address:number, with commas between.',
  },
  { name: 'metric.reporters', type: 'list', default: '', isDynamic: true, doc: 'Metrics are served under /metrics.' },
  { name: 'num.io.threads', type: 'int', default: '1', min: 1, isDynamic: true, doc: unused },
  { name: 'num.network.threads', type: 'int', default: '1', min: 1, isDynamic: true, doc: unused },
  { name: 'num.recovery.threads.per.data.dir', type: 'int', default: '1', min: 1, isDynamic: true, doc: unused },
  { name: 'num.replica.alter.log.dirs.threads', type: 'int', default: null, doc: unused },
  { name: 'num.replica.fetchers', type: 'int', default: '1', min: 1, isDynamic: true, doc: unused },
  {
    name: 'offsets.commit.timeout.ms',
    type: 'int',
    default: '5000',
    doc: 'Longest wait for a commit to be replicated.',
  },
  { name: 'offsets.topic.compression.codec', type: 'int', default: '0', doc: 'Offsets are stored uncompressed.' },
  {
    name: 'offsets.topic.segment.bytes',
    type: 'int',
    default: '104857600',
    doc: 'Segment size of __consumer_offsets.',
  },
  { name: 'queued.max.request.bytes', type: 'long', default: '-1', doc: unused },
  { name: 'queued.max.requests', type: 'int', default: '500', doc: unused },
  { name: 'remote.log.storage.system.enable', type: 'boolean', default: 'false', doc: 'There is no tiered storage.' },
  { name: 'replica.selector.class', type: 'string', default: null, doc: 'Consumers read from leaders.' },
  { name: 'request.timeout.ms', type: 'int', default: '30000', doc: unused },
  { name: 'socket.listen.backlog.size', type: 'int', default: '50', doc: unused },
  { name: 'socket.receive.buffer.bytes', type: 'int', default: '102400', doc: unused },
  { name: 'socket.send.buffer.bytes', type: 'int', default: '102400', doc: unused },
];
