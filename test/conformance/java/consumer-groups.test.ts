import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { kafkaLibs, runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import { until } from '../../kit/until.ts';

const reason = whyNoApacheKafka();
const title = `Java's consumers and tools with groups of the consumer protocol (KIP-848)${reason ? ` (skipped: ${reason})` : ''}`;
const consoleConsumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
const recordCount = 1_000;

describe.skipIf(reason)(title, () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    kafkaLibs();
    const quick = { 'group.consumer.heartbeat.interval.ms': 500, 'group.consumer.min.heartbeat.interval.ms': 200 };
    cluster = await startBundledCluster(3, quick);
    connection = testConnection({ bootstrapServers: cluster.bootstrap });
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: 'jobs', partitions: 4 });
    await admin.close();
    const producer = new KafkaProducer(connection);
    const send = (_: unknown, index: number) => producer.send({ topic: 'jobs', value: Buffer.from(`job-${index}`) });
    await Promise.all(Array.from({ length: recordCount }, send));
    await producer.close();
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await cluster?.stop();
  });

  const consumerArgs = (group: string, ...more: string[]) => [
    ...['--bootstrap-server', cluster.bootstrap, '--group', group, '--from-beginning'],
    ...['--command-property', 'group.protocol=consumer', ...more],
  ];

  const groups = (...args: string[]) =>
    runKafkaClass('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      '--bootstrap-server',
      cluster.bootstrap,
      ...args,
    ]);

  /** A console consumer that goes on until the tests are over. */
  function start(group: string, ...more: string[]): ChildProcess {
    const args = ['-Xmx128m', '-cp', `${kafkaLibs()}/*`, consoleConsumer, ...consumerArgs(group, ...more)];
    const child = spawn('java', args, { stdio: 'ignore' });
    running.push(child);
    return child;
  }

  it('ConsoleConsumer reads every record, and its group has no lag then', () => {
    const read = runKafkaClass(consoleConsumer, consumerArgs('all', '--topic', 'jobs', '--max-messages', '1000'));
    const lines = read.split('\n').filter((line) => line.startsWith('job-'));
    expect(new Set(lines).size).toBe(recordCount);
    const rows = groups('--describe', '--group', 'all')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, topic]) => topic === 'jobs');
    expect(rows.map((row) => row[5])).toEqual(['0', '0', '0', '0']);
    expect(
      groups('--list', '--type', 'consumer')
        .split('\n')
        .some((line) => line.startsWith('all')),
    ).toBe(true);
    expect(groups('--list', '--type', 'classic')).not.toMatch(/^all\b/m);
  });

  it('two of them share a topic, and the tool shows who has what', async () => {
    start('shared', '--topic', 'jobs');
    start('shared', '--topic', 'jobs');
    const described = await until(
      'both are there',
      async () => {
        const state = groups('--describe', '--group', 'shared', '--state', '--verbose');
        return /Stable\s+\d+\s+\d+\s+2$|Stable.*\s2\s*$/m.test(state) ? state : undefined;
      },
      60_000,
    );
    expect(described).toMatch(/uniform/);
    const members = groups('--describe', '--group', 'shared', '--members', '--verbose');
    expect(members.match(/jobs:\d,\d/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('one of them reads the topics that a pattern matches', () => {
    const read = runKafkaClass(consoleConsumer, consumerArgs('pattern', '--include', 'jo.*', '--max-messages', '1000'));
    expect(read.split('\n').filter((line) => line.startsWith('job-'))).toHaveLength(recordCount);
  });

  it('the tool resets, deletes and forgets offsets, and deletes groups', () => {
    const reset = groups('--reset-offsets', '--group', 'all', '--topic', 'jobs', '--to-earliest', '--execute');
    expect(reset.match(/jobs\s+\d\s+0/g)).toHaveLength(4);
    expect(groups('--delete-offsets', '--group', 'all', '--topic', 'jobs')).toMatch(/Request succeed/);
    expect(groups('--delete', '--group', 'all')).toMatch(/success/);
    expect(groups('--list')).not.toMatch(/^all\b/m);
  });

  it('DumpLogSegments reads what lies in __consumer_offsets', () => {
    const files = globSync(join(cluster.dataFolder, '**/__consumer_offsets-*/*.log')).filter(
      (file) => statSync(file).size > 0,
    );
    const dump = runKafkaClass('org.apache.kafka.tools.DumpLogSegments', [
      '--offsets-decoder',
      '--files',
      files.join(','),
    ]);
    const keyTypes = new Set(Array.from(dump.matchAll(/key: \{"type":"?(\d+)"?/g), ([, type]) => type));
    expect([...keyTypes].sort()).toEqual(expect.arrayContaining(['1', '3', '5', '6', '7', '8']));
    expect(dump).not.toMatch(/could not be decoded|Unknown|isvalid: false/);
  });
});
