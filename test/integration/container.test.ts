import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pickFreePorts } from '../../engine/broker/node/supervisor/free-ports.ts';
import type { BuiltImage } from '../kit/dockerfile.ts';
import { buildInFolder } from '../kit/dockerfile.ts';
import { until } from '../kit/until.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const clusterKey = 'a-key-that-only-the-test-has';

/** Variables of each service of compose.yaml, with the shared ones. */
function composeServices(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const text = readFileSync(join(project, 'compose.yaml'), 'utf8');
  const variables = (block: string) =>
    Object.fromEntries(
      [...block.matchAll(/^ +([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value.replace(/^"(.*)"$/, '$1'),
      ]),
    );
  const shared = variables(/^x-environment:.*\n((?: .*\n)+)/m.exec(text)?.[1] ?? '');
  const services = /^services:\n([\s\S]*?)\n\nvolumes:/m.exec(text)?.[1] ?? '';
  return new Map(
    services
      .split(/^ {2}(?=\S)/m)
      .filter((block) => block.trim() !== '')
      .map((block) => [block.slice(0, block.indexOf(':')), { ...shared, ...variables(block) }]),
  );
}

/** The recipe without a container engine: its steps in a plain folder, its brokers beside each other on loopback. */
describe.skipIf(process.platform === 'win32')('the container image (not on Windows)', () => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-image-'));
  const running: ChildProcess[] = [];
  let image: BuiltImage;

  beforeAll(() => {
    const ignored = readFileSync(join(project, '.dockerignore'), 'utf8').trim().split('\n');
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: project,
      encoding: 'utf8',
    });
    const files = listed
      .trim()
      .split('\n')
      .filter((file) => !ignored.some((name) => file === name || file.startsWith(`${name}/`)))
      .filter((file) => existsSync(join(project, file)));
    image = buildInFolder(join(project, 'Dockerfile'), project, files, root);
  }, 280_000);
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  const path = () => [join(root, 'usr/local/bin'), dirname(process.execPath), '/usr/bin:/bin'].join(':');

  it('starts three brokers as compose.yaml says, healthy, and hands over on SIGTERM', async () => {
    const services = composeServices();
    expect([...services.keys()]).toEqual(['broker-1', 'broker-2', 'broker-3']);
    const ports = await pickFreePorts('127.0.0.1', 6);
    const inner = (id: number) => ports[id - 1];
    const outer = (id: number) => ports[id + 2];
    // Each broker has a host of its own in compose; here they share one, and each gets ports of its own.
    const here = (id: number, value: string) =>
      value
        .replace(/\$\{MILLRACE_CLUSTER_KEY:[^}]*\}/, clusterKey)
        .replaceAll(/broker-(\d):29092/g, (_, other: string) => `127.0.0.1:${inner(Number(other))}`)
        .replaceAll('://:29092', `://127.0.0.1:${inner(id)}`)
        .replaceAll(/:\/\/:909\d/g, `://127.0.0.1:${outer(id)}`)
        .replaceAll(/localhost:909\d/g, `127.0.0.1:${outer(id)}`);
    const start = (name: string, variables: Readonly<Record<string, string>>) => {
      const id = Number(name.slice(-1));
      const [command = '', ...args] = image.command;
      const env = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, here(id, value)]));
      const volume = { MILLRACE_HOME: join(root, name), KAFKA_LOG_DIRS: join(root, name, 'data') };
      const child = spawn(command, args, {
        env: { PATH: path(), ...image.environment, ...env, ...volume },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += String(chunk);
      });
      child.stderr.on('data', (chunk) => {
        said += String(chunk);
      });
      return { id, child, said: () => said, ended: new Promise((resolve) => child.on('exit', resolve)) };
    };
    const brokers = [...services].map(([name, variables]) => start(name, variables));
    for (const { id, said } of brokers)
      await until(`broker ${id} is ready: ${said()}`, () => said().includes(`Broker ${id} is ready`), 60_000);
    for (const { id } of brokers) {
      const env = { PATH: path(), HEALTH_PORT: String(outer(id)) };
      expect(spawnSync('sh', ['-c', image.healthCheck], { env }).status).toBe(0);
    }
    const bootstrap = brokers.map(({ id }) => `127.0.0.1:${outer(id)}`).join(',');
    const millrace = (...args: string[]) =>
      spawnSync(image.command[0] ?? '', [...args, '-b', bootstrap], {
        env: { PATH: path(), ...image.environment },
        encoding: 'utf8',
      });
    expect(millrace('topic', 'create', 'orders')).toMatchObject({ status: 0 });
    const described = JSON.parse(millrace('topic', 'describe', 'orders', '--json').stdout) as {
      readonly partitions: readonly { readonly replicas: readonly number[] }[];
    };
    expect(described.partitions[0]?.replicas).toHaveLength(3);
    expect(millrace('send', 'orders', 'hello')).toMatchObject({ status: 0 });
    brokers[0]?.child.kill('SIGTERM');
    expect(await brokers[0]?.ended).toBe(0);
    expect(millrace('receive', 'orders', '--from', 'earliest', '--until-end').stdout).toBe('hello\n');
    for (const { child } of brokers.slice(1)) child.kill('SIGTERM');
    await Promise.all(brokers.map(({ ended }) => ended));
  }, 200_000);

  it('refuses a broker of several without the key that they share', () => {
    const [command = '', ...args] = image.command;
    const { status, stderr } = spawnSync(command, args, {
      env: {
        PATH: path(),
        ...image.environment,
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@a:1,2@b:1',
        CLUSTER_ID: 'x'.repeat(22),
      },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('MILLRACE_CLUSTER_KEY') });
  });
});
