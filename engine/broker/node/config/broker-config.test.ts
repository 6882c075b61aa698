import { describe, expect, it } from 'vitest';
import type { BrokerFile } from './broker-config.ts';
import { brokerConfigFrom } from './broker-config.ts';
import { describeSettings } from './describe-settings.ts';

const file: BrokerFile = {
  brokerId: 1,
  clusterId: 'AAAAAAAAAAAAAAAAAAAAAw',
  clusterKey: 'abcdefghijklmnopqrstuv',
  dataFolder: '/data',
  listen: { host: '127.0.0.1', port: 0 },
  voters: [1, 2, 3].map((id) => ({ id, host: '127.0.0.1', port: 9000 + id })),
};

describe('brokerConfigFrom', () => {
  it('derives replication defaults from the number of brokers', () => {
    const three = brokerConfigFrom(file).settings;
    expect([three.defaultReplicationFactor, three.minInsyncReplicas]).toEqual([3, 2]);
    const one = brokerConfigFrom({ ...file, voters: file.voters.slice(0, 1) }).settings;
    expect([one.defaultReplicationFactor, one.minInsyncReplicas, one.offsetsTopicReplicationFactor]).toEqual([1, 1, 1]);
  });

  it('takes settings by their Kafka names and tells which were given', () => {
    const config = brokerConfigFrom({ ...file, settings: { 'num.partitions': 7, 'log.segment.bytes': '1048576' } });
    expect(config.settings.numPartitions).toBe(7);
    expect(config.topicDefaults.get('segment.bytes')).toBe('1048576');
    const described = describeSettings(config);
    expect(described.find(({ name }) => name === 'num.partitions')).toMatchObject({ value: '7', isDefault: false });
    expect(described.find(({ name }) => name === 'delete.topic.enable')).toMatchObject({ isDefault: true });
  });

  it('lists every problem at once', () => {
    const wrong = {
      ...file,
      brokerId: 9,
      clusterKey: 'short',
      colour: 'red',
      settings: { 'num.partitions': 'many', 'broker.heartbeat.interval.ms': 9_000 },
    };
    let details: Readonly<Record<string, unknown>> = {};
    try {
      brokerConfigFrom(wrong);
    } catch (error) {
      details = (error as { details: Readonly<Record<string, unknown>> }).details;
    }
    expect(details.problems).toEqual([
      expect.stringContaining('colour'),
      expect.stringContaining('"many"'),
      expect.stringContaining('clusterKey'),
      expect.stringContaining('broker 9'),
      expect.stringContaining('broker.heartbeat.interval.ms'),
    ]);
  });
});
