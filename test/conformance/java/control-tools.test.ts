import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaLibs, runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { until } from '../../kit/until.ts';

const reason = whyNoApacheKafka();
const title = `Apache Kafka 4.4.0's tools for brokers and replicas${reason ? ` (skipped: ${reason})` : ''}`;
const tools = 'org.apache.kafka.tools';
const lookMs = 15_000;

/** Runs a class of Kafka's for a while and returns what it printed. */
function runUntilKilled(className: string, args: readonly string[]): string {
  const { stdout } = spawnSync('java', ['-Xmx128m', '-cp', `${kafkaLibs()}/*`, className, ...args], {
    encoding: 'utf8',
    timeout: lookMs,
  });
  return stdout;
}

describe.skipIf(reason)(title, () => {
  let cluster: BundledCluster;
  let folder: string;

  beforeAll(async () => {
    kafkaLibs();
    folder = mkdtempSync(join(tmpdir(), 'control-tools-'));
    cluster = await startBundledCluster(3);
    tool('TopicCommand', '--create', '--topic', 'moving', '--partitions', '2', '--replication-factor', '2');
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tool = (name: string, ...args: string[]) =>
    runKafkaClass(`${tools}.${name}`, ['--bootstrap-server', cluster.bootstrap, ...args]);
  const partitionsOfMoving = () => tool('TopicCommand', '--describe', '--topic', 'moving');

  it('ReassignPartitionsCommand moves partitions, says that it is done, and lists nothing more', async () => {
    const file = join(folder, 'moves.json');
    const partitions = [
      { topic: 'moving', partition: 0, replicas: [3, 1, 2] },
      { topic: 'moving', partition: 1, replicas: [2, 3] },
    ];
    writeFileSync(file, JSON.stringify({ version: 1, partitions }));
    const reassign = (...args: string[]) => tool('reassign.ReassignPartitionsCommand', ...args);
    expect(reassign('--reassignment-json-file', file, '--execute')).toContain('Successfully started');
    await until('both are moved', async () => {
      const said = reassign('--reassignment-json-file', file, '--verify');
      return ['moving-0', 'moving-1'].every((name) => said.includes(`Reassignment of partition ${name} is completed`));
    });
    expect(reassign('--list')).toContain('No partition reassignments found');
    expect(partitionsOfMoving()).toMatch(/Partition: 0\s+Leader: \d\s+Replicas: 3,1,2/);
    expect(partitionsOfMoving()).toMatch(/Partition: 1\s+Leader: \d\s+Replicas: 2,3/);
  });

  it('LeaderElectionCommand gives partitions to their preferred leaders', async () => {
    await until('the first replica leads', async () => {
      tool('LeaderElectionCommand', '--election-type', 'preferred', '--all-topic-partitions');
      return /Partition: 0\s+Leader: 3/.test(partitionsOfMoving());
    });
  });

  it('ReplicaVerificationTool finds all replicas equal', () => {
    runKafkaClass(`${tools}.ProducerPerformance`, [
      ...['--topic', 'moving', '--num-records', '1000', '--record-size', '100', '--throughput', '-1'],
      ...['--producer-props', `bootstrap.servers=${cluster.bootstrap}`, 'acks=all'],
    ]);
    // It goes on for ever: a look at what it has said is all there is.
    const said = runUntilKilled(`${tools}.ReplicaVerificationTool`, [
      ...['--broker-list', cluster.bootstrap, '--topics-include', 'moving', '--report-interval-ms', '1000'],
    ]);
    expect(said).toMatch(/max lag is 0 for partition moving-\d/);
  });

  it('kafka-features shows the levels of the cluster and refuses to lose metadata', () => {
    const shown = tool('FeatureCommand', 'describe');
    expect(shown).toMatch(/metadata\.version\s+SupportedMinVersion: 3\.3-IV3\s.*FinalizedVersionLevel: 4\.4-IV2/);
    expect(shown).toMatch(/kraft\.version\s.*FinalizedVersionLevel: 1/);
    expect(() => tool('FeatureCommand', 'downgrade', '--feature', 'metadata.version=29')).toThrow(
      /might delete metadata information/,
    );
  });

  it('kafka-metadata-quorum shows the voters with their disks, and takes one out', async () => {
    const quorum = () => tool('MetadataQuorumCommand', 'describe', '--status');
    await until('every voter has told its disk', async () => !quorum().includes('AAAAAAAAAAAAAAAAAAAAAA'));
    const voters = [...quorum().matchAll(/"id": (\d), "directoryId": "([\w-]{22})"/g)];
    expect(voters.map(([, id]) => id).sort()).toEqual(['1', '2', '3']);
    const [, id = '', directory = ''] = voters[0] ?? [];
    tool('MetadataQuorumCommand', 'remove-controller', '--controller-id', id, '--controller-directory-id', directory);
    const after = quorum();
    expect(after).toMatch(new RegExp(`CurrentObservers:.*"id": ${id}`));
    expect(after).not.toMatch(new RegExp(`CurrentVoters:.*"id": ${id},`));
  });
});
