import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../test/kit/until.ts';
import { pickFreePorts } from '../broker/node/supervisor/free-ports.ts';
import { runCommandLine } from './run-command-line.ts';

let folder = '';
let out = '';
let error = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-broker-'));
  out = '';
  error = '';
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
  rmSync(folder, { recursive: true, force: true });
});

function properties(...lines: string[]): string {
  const path = join(folder, 'server.properties');
  writeFileSync(path, lines.join('\n'));
  return path;
}

describe('millrace broker start', () => {
  it('starts a broker by a server.properties and the environment, and ends it in order', async () => {
    const [port] = await pickFreePorts('127.0.0.1', 1);
    const data = join(folder, 'data');
    const path = properties(
      'process.roles=broker,controller',
      'node.id=4',
      'controller.quorum.bootstrap.servers=127.0.0.1:9093',
      `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:9093`,
      'controller.listener.names=CONTROLLER',
      `log.dirs=${data}`,
      'num.partitions=5',
      'num.partitons=6',
    );
    vi.stubEnv('KAFKA_NUM_PARTITIONS', '7');
    const controller = new AbortController();
    const running = runCommandLine(['broker', 'start', '--config', path], {
      signal: controller.signal,
      release: () => {},
    });
    await until('the broker is ready', () => out.includes('Broker 4 is ready'));
    expect(error).toContain('found "num.partitons"; did you mean "num.partitions"?');
    expect(error).toContain('"message":"ready"');
    await runCommandLine(['topic', 'create', 'made', '-b', `127.0.0.1:${port}`]);
    out = '';
    await runCommandLine(['topic', 'describe', 'made', '-b', `127.0.0.1:${port}`, '--json']);
    expect(JSON.parse(out).partitions).toHaveLength(7);
    controller.abort('SIGTERM');
    expect(await running).toBe(0);
    const identity = join(data, 'identity.json');
    expect(Object.keys(JSON.parse(readFileSync(identity, 'utf8')))).toEqual(['clusterId', 'clusterKey']);
    if (process.platform !== 'win32') expect(statSync(identity).mode & 0o777).toBe(0o600);
  });

  it('wants one cluster id and one key for brokers of one cluster', async () => {
    const path = properties('controller.quorum.voters=1@a:9092,2@b:9092', `log.dirs=${join(folder, 'data')}`);
    expect(await runCommandLine(['broker', 'start', '--config', path])).toBe(1);
    expect(error).toContain('expected CLUSTER_ID and MILLRACE_CLUSTER_KEY in the environment');
  });
});

it('a cluster takes the same file, and decides itself who its brokers are', async () => {
  const path = properties('node.id=1', 'num.partitions=many');
  const data = ['--data', join(folder, 'cluster'), '--brokers', '1'];
  expect(await runCommandLine(['cluster', 'start', '--config', path, ...data])).toBe(1);
  expect(error).toContain('node.id has no effect here: the cluster decides it');
  expect(error).toContain('for num.partitions, found "many"');
  expect(await runCommandLine(['cluster', 'start', '--config', join(folder, 'none'), ...data])).toBe(1);
  expect(error).toContain('--config: could not read');
});
