import { describe, expect, it } from 'vitest';
import { defaultLogConfig, logConfigFrom, topicConfigDefinition, topicConfigDefinitions } from './log-config.ts';

const configOf = (name: string, value: string) => logConfigFrom(new Map([[name, value]]));

describe('log config', () => {
  it('has the defaults of Kafka', () => {
    expect(defaultLogConfig).toMatchObject({
      segmentBytes: 2 ** 30,
      segmentMs: 604_800_000,
      indexIntervalBytes: 4096,
      maxMessageBytes: 1_048_588,
      retentionBytes: -1,
      isCompacted: false,
      isDeleted: true,
      timestampAfterMaxMs: 3_600_000,
    });
    expect(topicConfigDefinitions).toHaveLength(37);
    expect(topicConfigDefinitions.map(({ name }) => name)).toEqual(
      topicConfigDefinitions.map(({ name }) => name).sort(),
    );
    expect(topicConfigDefinition('retention.ms')).toMatchObject({
      type: 'long',
      default: '604800000',
      brokerName: 'log.retention.ms',
    });
  });

  it('takes values within their bounds', () => {
    const table: [string, string, object][] = [
      ['retention.ms', '-1', { retentionMs: -1 }],
      ['cleanup.policy', 'compact, delete', { isCompacted: true, isDeleted: true }],
      ['cleanup.policy', '', { isCompacted: false, isDeleted: false }],
      ['segment.bytes', '1048576', { segmentBytes: 1_048_576 }],
      ['message.timestamp.type', 'LogAppendTime', { isLogAppendTime: true }],
      ['unclean.leader.election.enable', 'TRUE', { uncleanLeaderElection: true }],
      ['min.cleanable.dirty.ratio', '0.25', {}],
      ['flush.ms', '9223372036854775807', {}],
      ['retention.bytes', '-9223372036854775808', { retentionBytes: -(2 ** 63) }],
      ['cleanup.policy', 'delete,delete', { isCompacted: false, isDeleted: true }],
      ['remote.storage.enable', 'false', {}],
      ['leader.replication.throttled.replicas', '0:1, 1:2', {}],
      ['leader.replication.throttled.replicas', '*', {}],
      ['max.message.bytes', '+5', { maxMessageBytes: 5 }],
    ];
    for (const [name, value, expected] of table)
      expect(configOf(name, value), `${name}=${value}`).toMatchObject({ ok: true, value: expected });
  });

  it('refuses others and says why', () => {
    const table: [string, string, RegExp][] = [
      ['no.such.setting', '1', /Unknown topic config name: no.such.setting/],
      ['segment.bytes', '1000', /segment.bytes: Value must be at least 1048576/],
      ['segment.bytes', '2147483648', /of type int/],
      ['retention.ms', '-2', /at least -1/],
      ['retention.ms', 'week', /of type long/],
      ['retention.ms', '1.5', /of type long/],
      ['cleanup.policy', 'keep', /a list of compact, delete/],
      ['remote.storage.enable', 'TRUE', /Tiered Storage functionality is disabled/],
      ['leader.replication.throttled.replicas', 'abc', /the literal '\*' or a list/],
      ['follower.replication.throttled.replicas', '*,0:1', /the literal '\*' or a list/],
      ['retention.ms', '9223372036854775808', /of type long/],
      ['retention.bytes', '-9223372036854775809', /of type long/],
      ['max.decompressed.message.bytes', '0', /between 1 and 2147483639/],
      ['remote.copy.lag.ms', '-2', /at least -1/],
      ['compression.type', 'brotli', /one of uncompressed/],
      ['compression.gzip.level', '0', /other than 0/],
      ['min.cleanable.dirty.ratio', '1.1', /between 0 and 1/],
      ['preallocate', 'yes', /true or false/],
    ];
    for (const [name, value, message] of table)
      expect(configOf(name, value), `${name}=${value}`).toMatchObject({
        ok: false,
        error: expect.stringMatching(message),
      });
    const lags = logConfigFrom(
      new Map([
        ['min.compaction.lag.ms', '10'],
        ['max.compaction.lag.ms', '5'],
      ]),
    );
    expect(lags.ok).toBe(false);
  });
});
