import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testConnection } from '../../test/kit/kafka-connections.ts';
import { routeProject, writeProjectFolder } from '../../test/kit/route-project.ts';
import { sendValues, valuesOf } from '../../test/kit/topic-records.ts';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { KafkaAdmin } from '../kafka/admin.ts';
import { runCommandLine } from './run-command-line.ts';

let home = '';
let error = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cli-run-'));
  error = '';
  vi.stubEnv('MILLRACE_HOME', home);
  vi.stubEnv('MILLRACE_CLUSTER', '');
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

it('runs what says Bundled cluster on any Kafka that is named, with the properties of its client', async () => {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const cluster = await startCluster({
    brokers: 1,
    dataFolder: join(home, 'elsewhere'),
    inProcess: true,
    settings: {
      'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.plaintext.plain.sasl.jaas.config': `${login} user_ann="pw";`,
    },
  });
  try {
    await cluster.ready();
    const bootstrapServers = cluster.status().bootstrapServers;
    const connection = testConnection({
      bootstrapServers,
      sasl: { mechanism: 'PLAIN', username: 'ann', password: 'pw' },
    });
    const admin = new KafkaAdmin(connection);
    for (const name of ['from', 'to']) await admin.createTopic({ name, partitions: 1 });
    await admin.close();
    await sendValues(connection, 'from', [{ n: 1 }, { n: 2 }]);
    const settings = { name: 'bundled', transport: 'websocket', bootstrapServers } as const;
    const folder = writeProjectFolder(
      routeProject({ cluster: { settings, stop: async () => {} }, from: 'from', to: 'to' }),
    );
    const config = join(home, 'client.properties');
    writeFileSync(
      config,
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login} username="ann" password="pw";\n`,
    );
    const run = ['run', folder, '--until-idle', '1000'];
    expect(await runCommandLine([...run, '-b', bootstrapServers, '--command-config', config])).toBe(0);
    expect(error).toContain(`using the servers at ${bootstrapServers} (SASL_PLAINTEXT with PLAIN as ann)`);
    expect(await valuesOf(connection, 'to')).toEqual([
      { n: 1, twice: 2 },
      { n: 2, twice: 4 },
    ]);
    rmSync(folder, { recursive: true, force: true });
  } finally {
    await cluster.stop();
  }
});
