import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';

const reason = whyNoApacheKafka();
const tools = 'org.apache.kafka.tools';
const authorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';

describe.skipIf(reason !== undefined)(
  `the tools of Apache Kafka's administrators${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: BundledCluster;

    beforeAll(async () => {
      cluster = await startBundledCluster(3, {
        'authorizer.class.name': authorizer,
        'super.users': 'User:ANONYMOUS',
      });
    }, 120_000);
    afterAll(() => cluster?.stop());

    const run = (name: string, ...args: string[]) =>
      runKafkaClass(name, ['--bootstrap-server', cluster.bootstrap, ...args]);
    /** The tool that wants its action first. */
    const clusterTool = (action: string) =>
      runKafkaClass(`${tools}.ClusterTool`, [action, '--bootstrap-server', cluster.bootstrap]);
    /** What a tool says when it fails. */
    const failure = (name: string, ...args: string[]) => {
      try {
        return `it did not fail: ${run(name, ...args)}`;
      } catch (error) {
        return String(error);
      }
    };

    it('kafka-metadata-quorum shows the quorum and how far each voter is', () => {
      const status = run(`${tools}.MetadataQuorumCommand`, 'describe', '--status');
      expect(status).toContain(`ClusterId:              ${cluster.handle.status().clusterId}`);
      expect(status).toMatch(/LeaderId: +[123]\n/);
      expect(status).toMatch(/CurrentVoters: +.*1.*2.*3/);
      const replication = run(`${tools}.MetadataQuorumCommand`, 'describe', '--replication');
      expect(replication.match(/\b(Leader|Follower)\b/g)?.sort()).toEqual(['Follower', 'Follower', 'Leader']);
    });

    it('kafka-cluster shows id and end points', () => {
      expect(clusterTool('cluster-id')).toContain(`Cluster ID: ${cluster.handle.status().clusterId}`);
      const endpoints = clusterTool('list-endpoints');
      for (const { id, port } of cluster.handle.status().brokers)
        expect(endpoints).toMatch(new RegExp(`^${id} +127\\.0\\.0\\.1 +${port}`, 'm'));
    });

    it('kafka-features shows what the cluster can do', () => {
      const features = run(`${tools}.FeatureCommand`, 'describe');
      expect(features).toMatch(/Feature: metadata\.version\s+SupportedMinVersion: \S+\s+SupportedMaxVersion: \S+/);
    });

    it('kafka-log-dirs shows the folder of every broker', () => {
      const shown = run(`${tools}.LogDirsCommand`, '--describe');
      const answer = JSON.parse(shown.slice(shown.indexOf('{'))) as {
        readonly brokers: readonly {
          readonly broker: number;
          readonly logDirs: readonly { readonly error: unknown }[];
        }[];
      };
      expect(answer.brokers.map(({ broker, logDirs }) => [broker, logDirs.map(({ error }) => error)]).sort()).toEqual([
        [1, [null]],
        [2, [null]],
        [3, [null]],
      ]);
    });

    it('kafka-configs changes and shows topics, brokers, all brokers, loggers, users and clients', () => {
      const configs = `${tools}.ConfigCommand`;
      run(`${tools}.TopicCommand`, '--create', '--topic', 'configured');
      const topic = ['--entity-type', 'topics', '--entity-name', 'configured'];
      run(configs, '--alter', ...topic, '--add-config', 'retention.ms=5000,cleanup.policy=[compact,delete]');
      const shown = run(configs, '--describe', ...topic);
      expect(shown).toContain('retention.ms=5000');
      expect(shown).toContain('cleanup.policy=compact,delete');
      run(configs, '--alter', ...topic, '--delete-config', 'retention.ms');
      expect(run(configs, '--describe', ...topic)).not.toContain('retention.ms=5000');
      const broker = ['--entity-type', 'brokers', '--entity-name', '1'];
      run(configs, '--alter', ...broker, '--add-config', 'log.retention.ms=60000');
      expect(run(configs, '--describe', ...broker)).toContain('log.retention.ms=60000');
      const all = ['--entity-type', 'brokers', '--entity-default'];
      run(configs, '--alter', ...all, '--add-config', 'message.max.bytes=2000000');
      expect(run(configs, '--describe', ...all)).toContain('message.max.bytes=2000000');
      const every = run(configs, '--describe', ...broker, '--all');
      expect(every).toMatch(/log\.retention\.ms=60000 .*DYNAMIC_BROKER_CONFIG:log\.retention\.ms=60000/);
      const logger = ['--entity-type', 'broker-loggers', '--entity-name', '1'];
      run(configs, '--alter', ...logger, '--add-config', 'millrace.quorum=DEBUG');
      expect(run(configs, '--describe', ...logger)).toContain('millrace.quorum=DEBUG');
      expect(failure(configs, '--alter', ...logger, '--add-config', 'kafka.x=DEBUG')).toContain('kafka.x');
      run(
        configs,
        '--alter',
        '--add-config',
        'producer_byte_rate=1024',
        '--entity-type',
        'users',
        '--entity-name',
        'ann',
      );
      expect(run(configs, '--describe', '--entity-type', 'users', '--entity-name', 'ann')).toContain(
        'producer_byte_rate=1024.0',
      );
      expect(failure(configs, '--alter', ...topic, '--add-config', 'retention.ms=long')).toContain('retention.ms');
    });

    it('kafka-acls adds, lists and removes rules', () => {
      const acls = 'org.apache.kafka.tools.AclCommand';
      const rule = ['--allow-principal', 'User:bob', '--operation', 'Read', '--topic', 'orders'];
      run(acls, '--add', ...rule);
      expect(run(acls, '--list', '--topic', 'orders')).toMatch(
        /principal=User:bob, host=\*, operation=READ, permissionType=ALLOW/,
      );
      run(acls, '--remove', '--force', ...rule);
      expect(run(acls, '--list', '--topic', 'orders')).not.toContain('User:bob');
    });

    it('kafka-client-metrics is told that there are no such subscriptions', () => {
      const metrics = `${tools}.ClientMetricsCommand`;
      expect(run(metrics, '--list').trim()).toBe('');
      expect(
        failure(metrics, '--alter', '--name', 'sub', '--metrics', 'org.apache.kafka.', '--interval', '5000'),
      ).toContain('Client metrics subscriptions are not served here');
    });
  },
);
