import { globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaLibs, runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';

const reason = whyNoApacheKafka();
const title = `Apache Kafka 4.4.0's own tools${reason ? ` (skipped: ${reason})` : ''}`;
const tools = 'org.apache.kafka.tools';

describe.skipIf(reason)(title, () => {
  let cluster: BundledCluster;

  beforeAll(async () => {
    kafkaLibs();
    cluster = await startBundledCluster(3);
  });
  afterAll(() => cluster.stop());

  const topicCommand = (...args: string[]) =>
    runKafkaClass(`${tools}.TopicCommand`, ['--bootstrap-server', cluster.bootstrap, ...args]);

  /** The JSON lines of a verifiable tool. */
  function events(output: string): { name: string; [field: string]: unknown }[] {
    return output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { name: string });
  }

  it('creates, lists, describes, grows and deletes topics', () => {
    topicCommand(
      '--create',
      '--topic',
      'by-tool',
      '--partitions',
      '4',
      '--replication-factor',
      '3',
      '--config',
      'retention.ms=3600000',
    );
    expect(topicCommand('--list').split('\n')).toContain('by-tool');
    const described = topicCommand('--describe', '--topic', 'by-tool');
    expect(described).toMatch(/PartitionCount: 4\s+ReplicationFactor: 3\s+Configs:.*retention\.ms=3600000/);
    expect(described.match(/Leader: [123]\s+Replicas: [123],[123],[123]\s+Isr: [123],[123],[123]/g)).toHaveLength(4);
    topicCommand('--alter', '--topic', 'by-tool', '--partitions', '6');
    expect(topicCommand('--describe', '--topic', 'by-tool')).toMatch(/PartitionCount: 6/);
    topicCommand('--delete', '--topic', 'by-tool');
    expect(topicCommand('--list').split('\n')).not.toContain('by-tool');
  });

  it('VerifiableProducer gets every record acknowledged and VerifiableConsumer reads each exactly once, in order', () => {
    const count = 20_000;
    topicCommand('--create', '--topic', 'verified', '--partitions', '3', '--replication-factor', '3');
    const produced = events(
      runKafkaClass(
        `${tools}.VerifiableProducer`,
        [
          '--bootstrap-server',
          cluster.bootstrap,
          '--topic',
          'verified',
          '--max-messages',
          String(count),
          '--acks',
          '-1',
        ],
        120_000,
      ),
    );
    const acknowledged = produced.filter((event) => event.name === 'producer_send_success');
    expect(acknowledged).toHaveLength(count);
    expect(produced.filter((event) => event.name === 'producer_send_error')).toEqual([]);
    const consumed = events(
      runKafkaClass(
        `${tools}.VerifiableConsumer`,
        [
          '--bootstrap-server',
          cluster.bootstrap,
          '--topic',
          'verified',
          '--group-id',
          'verifier',
          '--max-messages',
          String(count),
          '--reset-policy',
          'earliest',
          '--verbose',
        ],
        120_000,
      ),
    ).filter((event) => event.name === 'record_data');
    expect(consumed.map((event) => event.value).sort()).toEqual(acknowledged.map((event) => event.value).sort());
    for (const partition of [0, 1, 2]) {
      const offsets = consumed.filter((event) => event.partition === partition).map((event) => Number(event.offset));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
  });

  it('ConsumerGroupCommand shows the group with no lag, and GetOffsetShell the ends', () => {
    const groups = (...args: string[]) =>
      runKafkaClass('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
        '--bootstrap-server',
        cluster.bootstrap,
        ...args,
      ]);
    expect(groups('--list').split('\n')).toContain('verifier');
    const rows = groups('--describe', '--group', 'verifier')
      .split('\n')
      .filter((line) => line.includes('verified'));
    // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG; only partitions with a committed offset are listed.
    const columns = rows.map((row) => row.trim().split(/\s+/));
    expect(columns.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(20_000);
    expect(columns.map((row) => row[5])).toEqual(columns.map(() => '0'));
    const ends = runKafkaClass(`${tools}.GetOffsetShell`, [
      '--bootstrap-server',
      cluster.bootstrap,
      '--topic',
      'verified',
    ])
      .trim()
      .split('\n')
      .map((line) => Number(line.split(':')[2]));
    expect(ends.reduce((sum, end) => sum + end, 0)).toBe(20_000);
  });

  it('LogDirsCommand shows the size of every replica', () => {
    const output = runKafkaClass(`${tools}.LogDirsCommand`, [
      '--bootstrap-server',
      cluster.bootstrap,
      '--describe',
      '--topic-list',
      'verified',
    ]);
    const json = JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '{}') as {
      brokers: { logDirs: { partitions: { partition: string; size: number }[] }[] }[];
    };
    const sizes = json.brokers.flatMap((broker) => broker.logDirs.flatMap((folder) => folder.partitions));
    expect(sizes).toHaveLength(9);
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(3 * 20_000);
  });

  it('DumpLogSegments reads the files that the brokers wrote', () => {
    const [segment] = globSync(join(cluster.dataFolder, '**/verified-0/00000000000000000000.log'));
    if (!segment) throw new Error(`expected a segment of verified-0 below ${cluster.dataFolder}, found none`);
    const dump = runKafkaClass(`${tools}.DumpLogSegments`, ['--files', segment, '--deep-iteration']);
    expect(dump).toMatch(/baseOffset: 0 /);
    expect(dump).not.toMatch(/isvalid: false/);
    const [metadata] = globSync(join(cluster.dataFolder, '**/__cluster_metadata-0/00000000000000000000.log'));
    const records = runKafkaClass(`${tools}.DumpLogSegments`, [
      '--files',
      metadata ?? '',
      '--cluster-metadata-decoder',
    ]);
    expect(records).toMatch(/"type":"TOPIC_RECORD".*"name":"verified"/);
  });

  it('DumpLogSegments reads the offsets of groups', () => {
    const files = globSync(join(cluster.dataFolder, '**/__consumer_offsets-*/*.log'));
    const dump = runKafkaClass(`${tools}.DumpLogSegments`, ['--files', files.join(','), '--offsets-decoder']);
    expect(dump).toMatch(/"group":"verifier","topic":"verified","partition":[012]/);
    expect(dump).toMatch(/"protocolType":"consumer"/);
    expect(dump).not.toMatch(/isvalid: false|Error|Exception/);
  });

  it('ProducerPerformance reports what it sent', () => {
    const args = ['--topic', 'measured', '--num-records', '50000', '--record-size', '1024', '--throughput', '-1'];
    const output = runKafkaClass(
      `${tools}.ProducerPerformance`,
      [...args, '--producer-props', `bootstrap.servers=${cluster.bootstrap}`, 'acks=all'],
      120_000,
    );
    expect(output).toMatch(/50000 records sent/);
  });
});
