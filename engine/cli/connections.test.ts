import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { runCommandLine } from './run-command-line.ts';

let home = '';
let out = '';
let error = '';

beforeEach(() => {
  // Each command line watches the streams of its process; here many share one.
  process.stdout.setMaxListeners(100);
  process.stderr.setMaxListeners(100);
  home = mkdtempSync(join(tmpdir(), 'cli-connections-'));
  vi.stubEnv('MILLRACE_HOME', home);
  vi.stubEnv('MILLRACE_CLUSTER', '');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
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

/** Runs a command; its exit code, and what it wrote. */
async function millrace(...words: string[]) {
  out = '';
  error = '';
  const code = await runCommandLine(words);
  return { code, out, error };
}

it('saves connections for their user alone, and shows no secrets', async () => {
  const config = join(home, 'client.properties');
  writeFileSync(
    config,
    'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=ann\nsasl.password=hunter2\ngroup.idd=x\n',
  );
  const added = await millrace('connection', 'add', 'prod', '-b', 'kafka:9092', '--command-config', config, '--use');
  expect(added.code).toBe(0);
  expect(added.out).toContain('mode 600');
  expect(added.error).toContain('found "group.idd"; did you mean "group.id"?; it is not saved');
  const path = join(home, 'connections.json');
  expect(readFileSync(path, 'utf8')).toContain('hunter2');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);

  const shown = await millrace('connection', 'show', 'prod');
  expect(shown.out).toContain('sasl.username=ann\nsasl.password=(hidden)');
  expect((await millrace('connection', 'list')).out).toMatch(/\* +prod +kafka:9092 +SASL_PLAINTEXT/);
  expect((await millrace('connection', 'use', 'prd')).error).toContain('did you mean "prod"?');
  await millrace('connection', 'use', 'bundled');
  expect((await millrace('connection', 'list')).out).toMatch(/\* +bundled/);
  expect((await millrace('connection', 'remove', 'prod')).code).toBe(0);
  expect(readFileSync(path, 'utf8')).not.toContain('hunter2');
});

it('uses what is named nearest, and says what that is', async () => {
  const cluster = await startCluster({ brokers: 1, dataFolder: join(home, 'cluster'), inProcess: true });
  try {
    await cluster.ready();
    const at = cluster.status().bootstrapServers;
    await millrace('topic', 'create', 'orders', '-b', at);
    await millrace('connection', 'add', 'here', '-b', at, '-X', 'client.id=me');
    const listed = async (...words: string[]) => {
      const { code, out: topics, error: said } = await millrace('topic', 'list', ...words);
      expect({ code, topics, said }).toMatchObject({ code: 0, topics: 'orders\n' });
      return said;
    };
    expect(await listed()).toBe(`using the bundled cluster at ${at} (WebSocket, PLAINTEXT)\n`);
    expect(await listed('-b', at)).toBe(`using the servers at ${at} (PLAINTEXT)\n`);
    expect(await listed('-X', `metadata.broker.list=${at}`)).toBe(`using the servers at ${at} (PLAINTEXT)\n`);
    expect(await listed('-c', 'here')).toBe(`using connection "here" at ${at} (PLAINTEXT)\n`);
    await millrace('connection', 'use', 'here');
    expect(await listed()).toBe(`using connection "here" at ${at} (PLAINTEXT)\n`);
    expect(await listed('-c', 'bundled')).toContain('using the bundled cluster');
    expect(await listed('-b', at)).toContain('using the servers');
    expect(JSON.parse((await millrace('topic', 'list', '--json')).error)).toEqual({
      using: { connection: 'here', bootstrapServers: at, transport: 'tcp', security: 'PLAINTEXT' },
    });
    expect((await millrace('topic', 'list', '-X', 'clientid=x')).error).toContain(
      'millrace: warning: -X: expected a property of Kafka\'s clients, found "clientid"; did you mean "client.id"?\n',
    );
  } finally {
    await cluster.stop();
  }
});

it('logs in as the properties say, and says who refused and why', async () => {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const cluster = await startCluster({
    brokers: 1,
    dataFolder: join(home, 'cluster'),
    inProcess: true,
    settings: {
      'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.plaintext.plain.sasl.jaas.config': `${login} user_ann="p4ss;word";`,
    },
  });
  try {
    await cluster.ready();
    const at = cluster.status().bootstrapServers;
    const config = join(home, 'client.properties');
    writeFileSync(
      config,
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${login} username="ann" password="p4ss;word";\n`,
    );
    const made = await millrace('topic', 'create', 'orders', '-b', at, '--command-config', config);
    expect(made).toMatchObject({ code: 0 });
    expect(made.error).toContain('(SASL_PLAINTEXT with PLAIN as ann)');
    const named = ['security.protocol=sasl_plaintext', 'sasl.mechanisms=PLAIN', 'sasl.username=ann'];
    const asAnn = (password: string) => [...named, `sasl.password=${password}`].flatMap((pair) => ['-X', pair]);
    expect((await millrace('topic', 'list', '-b', at, ...asAnn('p4ss;word'))).out).toBe('orders\n');
    const reference = '$' + '{secret:PW}';
    await millrace('connection', 'add', 'safe', '-b', at, ...asAnn(reference));
    expect((await millrace('topic', 'list', '-c', 'safe')).error).toContain('MILLRACE_SECRET_PW');
    vi.stubEnv('MILLRACE_SECRET_PW', 'p4ss;word');
    expect((await millrace('topic', 'list', '-c', 'safe')).out).toBe('orders\n');
    expect((await millrace('connection', 'show', 'safe')).out).toContain(`sasl.password=${reference}`);
    const refused = await millrace('topic', 'list', '-b', at, ...asAnn('wrong'));
    expect(refused.code).toBe(1);
    expect(refused.error).toContain('Invalid username or password');
  } finally {
    await cluster.stop();
  }
});
