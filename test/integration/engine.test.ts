import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../engine/base/log.ts';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { NodeRandom } from '../../engine/host/node-random.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { Project } from '../../engine/model/document.ts';
import type { Run } from '../../engine/run/create-run.ts';
import { createRun } from '../../engine/run/create-run.ts';
import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace, startMillrace } from '../kit/millrace.ts';
import { routeProject, writeProjectFolder } from '../kit/route-project.ts';
import type { RunningCluster } from '../kit/test-clusters.ts';
import { testClusters } from '../kit/test-clusters.ts';
import { sendValues, valuesOf } from '../kit/topic-records.ts';
import { until } from '../kit/until.ts';

interface Route {
  readonly n: number;
  readonly twice: number;
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

function runOf(project: Project, clusterAddress: string): Run {
  return createRun(project, {
    catalog,
    runtimes,
    projectFolder: tmpdir(),
    clusterAddress,
    clock: new NodeClock(),
    random: new NodeRandom(),
    log: silentLog,
  });
}

// The relay stands for the bundled cluster in tests of the client alone: a run finds its brokers by their own addresses.
const clusters = testClusters.filter(({ name }) => !name.includes('relay'));

describe.each(clusters)('the engine on $name', (cluster) => {
  const test = cluster.whyNot ? it.skip : it;
  let running: RunningCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;
  let topics = 0;

  beforeAll(async () => {
    if (cluster.whyNot) return;
    running = await cluster.start();
    connection = testConnection(running.settings);
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    if (cluster.whyNot) return;
    await admin.close();
    await running.stop();
  });

  async function topicPair(partitions = 3): Promise<{ from: string; to: string }> {
    const name = `engine-${++topics}-${Math.floor(performance.now())}`;
    const pair = { from: `${name}-in`, to: `${name}-out` };
    await admin.createTopic({ name: pair.from, partitions });
    await admin.createTopic({ name: pair.to, partitions });
    return pair;
  }

  const committed = async (topic: string) => (await admin.describeGroup(`${topic}-group`)).partitions;
  const lagOf = async (topic: string) => (await committed(topic)).reduce((sum, { lag = 0 }) => sum + lag, 0);

  test('receives, maps and sends every record once, in the order of its partition, and commits', async () => {
    const { from, to } = await topicPair();
    await sendValues(connection, from, numbers(2_000));
    const run = runOf(routeProject({ cluster: running, from, to }), running.settings.bootstrapServers);
    await run.start();
    await until('2000 jobs', () => run.counts.route!.jobs.completed === 2_000);
    await run.stop();
    const values = (await valuesOf(connection, to)) as Route[];
    expect(values.map(({ n }) => n).sort((a, b) => a - b)).toEqual(numbers(2_000).map(({ n }) => n));
    expect(values.every(({ n, twice }) => twice === 2 * n)).toBe(true);
    expect(await lagOf(from)).toBe(0);
    const [job] = run.jobs();
    expect(job!.origin).toMatch(new RegExp(`^${from}\\[\\d\\] @ \\d+$`));
    expect(run.job(job!.id)!.activities[1]).toMatchObject({
      activity: 'send',
      state: 'completed',
      output: { topic: to },
    });
  });

  test('keeps the order of records with one key through the process', async () => {
    const { from, to } = await topicPair(1);
    await sendValues(connection, from, numbers(3_000));
    const run = runOf(
      routeProject({ cluster: running, from, to, condition: 'receive.value.n % 3 = 0' }),
      running.settings.bootstrapServers,
    );
    await run.start();
    await until('3000 jobs', () => run.counts.route!.jobs.completed === 3_000);
    await run.stop();
    expect(((await valuesOf(connection, to)) as Route[]).map(({ n }) => n)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => n * 3),
    );
    expect(run.counts.route!.transitions).toEqual({ pass: 1_000 });
  });

  test('stops at a record that fails, without committing it, and goes on with it after a restart', async () => {
    const { from, to } = await topicPair(1);
    await sendValues(connection, from, [{ n: 1 }, { n: 'x' }, { n: 3 }]);
    const receive = { onFailure: 'retry', retries: 1, retryBackoffMs: 1 };
    const run = runOf(routeProject({ cluster: running, from, to, receive }), running.settings.bootstrapServers);
    await run.start();
    const status = await run.ended();
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'RECORD_FAILED', activity: 'receive' } });
    expect(status.failure!.message).toContain(`record ${from}-0@1 failed: `);
    expect(await committed(from)).toMatchObject([{ committedOffset: 1 }]);
    const skipping = routeProject({ cluster: running, from, to, receive: { onFailure: 'skip' } });
    const again = runOf(skipping, running.settings.bootstrapServers);
    await again.start();
    await until('the rest', () => again.counts.route!.jobs.completed === 1 && again.counts.route!.jobs.failed === 1);
    await again.stop();
    expect(await lagOf(from)).toBe(0);
  });

  test('runs headless from a folder and from its bundle with the same result, and stops on SIGTERM', async () => {
    const { from, to } = await topicPair();
    const folder = writeProjectFolder(routeProject({ cluster: running, from, to }));
    const target = ['--cluster', running.settings.bootstrapServers];
    await sendValues(connection, from, numbers(100));
    const first = await millrace(['run', folder, ...target, '--until-idle', '500', '--json']);
    expect([first.code, JSON.parse(first.out)]).toMatchObject([
      0,
      { state: 'stopped', counts: { route: { jobs: { completed: 100 } } } },
    ]);
    const bundle = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'route.millrace');
    expect((await millrace(['export', folder, '-o', bundle])).code).toBe(0);
    const again = `${bundle}.2`;
    await millrace(['export', folder, '-o', again]);
    expect(readFileSync(again)).toEqual(readFileSync(bundle));
    await sendValues(connection, from, numbers(100));
    const second = startMillrace(['run', bundle, ...target]);
    await until('200 records', async () => (await valuesOf(connection, to)).length === 200);
    second.child.kill('SIGTERM');
    expect([await second.exit, second.out()]).toEqual([0, 'route: 100 jobs completed, 0 failed\n']);
    expect(await lagOf(from)).toBe(0);
  });

  test('loses nothing when it is killed in the middle again and again', async () => {
    const { from, to } = await topicPair();
    const count = 6_000;
    const folder = writeProjectFolder(
      routeProject({ cluster: running, from, to, receive: { sessionTimeoutMs: 6_000 } }),
    );
    const sending = sendValues(connection, from, numbers(count));
    for (let kill = 1; kill <= 3; kill++) {
      const before = (await valuesOf(connection, to)).length;
      const engine = startMillrace(['run', folder, '--cluster', running.settings.bootstrapServers]);
      await until('progress', async () => (await valuesOf(connection, to)).length > before, 60_000);
      engine.child.kill('SIGKILL');
      expect(await engine.exit).toBe('SIGKILL');
    }
    await sending;
    const last = startMillrace(['run', folder, '--cluster', running.settings.bootstrapServers]);
    const seen = async () => new Set(((await valuesOf(connection, to)) as Route[]).map(({ n }) => n));
    await until('every record was processed', async () => (await seen()).size === count, 60_000);
    await until('all is committed', async () => (await lagOf(from)) === 0);
    last.child.kill('SIGTERM');
    expect(await last.exit).toBe(0);
    const all = (await valuesOf(connection, to)) as Route[];
    expect(all.length).toBeGreaterThanOrEqual(count);
  });

  test('creates missing topics on the bundled cluster only; elsewhere it names them before it starts anything', async () => {
    const [from, to] = [`missing-${Math.floor(performance.now())}-in`, `missing-${Math.floor(performance.now())}-out`];
    const folder = writeProjectFolder(routeProject({ cluster: running, from, to }));
    const run = await millrace(['run', folder, '--cluster', running.settings.bootstrapServers, '--until-idle', '100']);
    if (running.settings.transport === 'websocket') {
      expect([run.code, run.out], run.error).toEqual([0, 'route: 0 jobs completed, 0 failed\n']);
      expect(await admin.listTopics()).toEqual(expect.arrayContaining([from, to]));
      return;
    }
    expect([run.code, run.out]).toEqual([1, '']);
    const message = `could not find topic ${to}: topic "${to}" does not exist`;
    expect(run.error).toMatch(new RegExp(`^millrace: Kafka Connection "Cluster" \\([\\d.:, ]+\\): ${message}\\n$`));
  });
});
