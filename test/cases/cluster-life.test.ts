import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import type { Millrace } from '../kit/millrace.ts';
import { millrace, startMillrace } from '../kit/millrace.ts';
import { routeProject, writeProjectFolder } from '../kit/route-project.ts';
import { openWindow } from '../kit/studio-window.ts';
import type { RunningCluster } from '../kit/test-clusters.ts';
import { recordsOf, sendValues } from '../kit/topic-records.ts';
import { until } from '../kit/until.ts';

describe('the designer beside a cluster that runs', () => {
  const home = mkdtempSync(join(tmpdir(), 'millrace-home-'));
  const environment = { MILLRACE_HOME: home };
  let cluster: Millrace;
  let bootstrap = '';

  /** Starts the designer, waits for its address, and looks at it as a window does. */
  async function studio(args: readonly string[], settings: Record<string, string> = environment) {
    const started = startMillrace(['studio', '--no-open', '--json', ...args], settings);
    const line = await until('the address of the designer', () => started.out() || started.error());
    const result = JSON.parse(line) as { url: string; bootstrap: string };
    const { port, hash } = new URL(result.url);
    const window = await openWindow({ port: Number(port), token: hash.replace('#token=', '') });
    const stop = async () => {
      window.close();
      started.child.kill('SIGTERM');
      return started.exit;
    };
    return { bootstrap: result.bootstrap, window, stop };
  }

  /** Runs a flow from the window: it must work on the topics of the cluster that runs. */
  let runs = 0;
  async function runsThere(window: Awaited<ReturnType<typeof openWindow>>): Promise<void> {
    const settings = { transport: 'websocket', bootstrapServers: bootstrap } as const;
    const connection = testConnection(settings);
    const [from, to] = [`from-${++runs}`, `to-${runs}`] as const;
    await millrace(['topic', 'create', from, '--cluster', bootstrap]);
    await millrace(['topic', 'create', to, '--cluster', bootstrap]);
    await sendValues(connection, from, [{ n: 1 }, { n: 2 }]);
    const project = routeProject({ cluster: { settings, stop: async () => {} }, from, to });
    const { files } = await window.call('project.open', { path: writeProjectFolder(project) });
    await window.call('run.start', { files });
    await until('what the run sends', async () => (await recordsOf(connection, to)).length === 2, 60_000);
    expect(await window.call('run.stop', {})).toMatchObject({ state: 'stopped' });
  }

  beforeAll(async () => {
    cluster = startMillrace(['cluster', 'start', '--brokers', '1', '--json'], environment);
    bootstrap = JSON.parse(await until('a cluster', () => cluster.out())).bootstrapServers;
    await millrace(['topic', 'create', 'seen-by-all', '--cluster', bootstrap]);
  });
  afterAll(async () => {
    cluster.child.kill('SIGTERM');
    await cluster.exit;
    rmSync(home, { recursive: true, force: true });
  });

  it.each([
    ['the cluster of this user', [], environment],
    ['the same with --no-cluster', ['--no-cluster'], environment],
    ['the one that --cluster names', ['--cluster'], { MILLRACE_HOME: `${home}-other` }],
    ['the one that MILLRACE_CLUSTER names', [], { MILLRACE_HOME: `${home}-other`, MILLRACE_CLUSTER: '' }],
  ])('80: uses %s, and leaves it running', async (_what, args, settings) => {
    const { window, stop, ...found } = await studio(
      args.flatMap((arg) => (arg === '--cluster' ? [arg, bootstrap] : [arg])),
      'MILLRACE_CLUSTER' in settings ? { ...settings, MILLRACE_CLUSTER: bootstrap } : settings,
    );
    expect(found.bootstrap).toBe(bootstrap);
    const topics = await window.call('topics.list', {});
    expect(JSON.stringify(topics)).toContain('seen-by-all');
    await runsThere(window);
    expect(await stop()).toBe(0);
    expect((await millrace(['cluster', 'status'], environment)).code).toBe(0);
  });
});

describe('a flow while its brokers are killed one after the other', () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;

  beforeAll(async () => {
    cluster = await startBundledCluster(3);
    connection = testConnection({ bootstrapServers: cluster.bootstrap });
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    await admin.close();
    await cluster.stop();
  });

  it('76: loses no record, sends none twice and keeps the order', async () => {
    const count = 3_000;
    for (const name of ['steps', 'steps-done']) await admin.createTopic({ name, partitions: 1, replicas: 3 });
    const running = { settings: { transport: 'websocket' as const, bootstrapServers: cluster.bootstrap } };
    const project = routeProject({ cluster: running as RunningCluster, from: 'steps', to: 'steps-done' });
    const engine = startMillrace(['run', writeProjectFolder(project), '--cluster', cluster.bootstrap]);
    const send = (from: number) =>
      sendValues(
        connection,
        'steps',
        Array.from({ length: count / 3 }, (_, n) => ({ n: from + n })),
      );
    const arrived = async () => (await recordsOf(connection, 'steps-done')).length;
    await send(0);
    await until('the first third', async () => (await arrived()) >= count / 6, 60_000);
    await cluster.handle.kill(1);
    await send(count / 3);
    await cluster.handle.restart(1);
    await until('the second third', async () => (await arrived()) >= count / 2, 60_000);
    await cluster.handle.kill(2);
    await send((2 * count) / 3);
    await until('all records', async () => (await arrived()) >= count, 60_000);
    engine.child.kill('SIGTERM');
    await engine.exit;
    const seen = (await recordsOf(connection, 'steps-done')).map(({ value }) => JSON.parse(String(value)).n as number);
    expect(seen).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});
