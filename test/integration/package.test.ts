import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../kit/until.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The package as somebody else gets it: packed, and installed into an empty folder. */
describe('the installed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));
  const app = join(folder, 'app');
  // Like a user's shell: nothing of this project's own tools in the way.
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((part) => !part.startsWith(projectFolder))
    .join(':');
  const environment = { PATH: path, HOME: process.env.HOME, MILLRACE_HOME: join(folder, 'home') };
  const installed = { out: '', error: '' };

  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: projectFolder });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    expect(stdout).toContain(String(tarball));
    await run('mkdir', [app]);
    const { stdout: out, stderr: error } = await run('npm', ['install', join(folder, String(tarball))], {
      cwd: app,
      env: environment,
    });
    Object.assign(installed, { out, error });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const npx = (...args: string[]) => run('npx', ['millrace', ...args], { cwd: app, env: environment });

  it('installs without a warning and runs nothing of its own', () => {
    expect(installed.error).toBe('');
    const { scripts } = JSON.parse(readFileSync(join(app, 'node_modules/millrace/package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts).filter((name) => /install|prepare$/.test(name))).toEqual([]);
  });

  it('holds what runs, with the notices of what is in it, and no sources', () => {
    const inside = readdirSync(join(app, 'node_modules/millrace'));
    expect(inside.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'examples', 'package.json']);
    const notices = readFileSync(join(app, 'node_modules/millrace/dist/THIRD-PARTY-NOTICES'), 'utf8');
    for (const name of ['react', 'monaco-editor', 'ws', 'zod', 'jsonata', 'csv-parse', 'stream-json'])
      expect(notices).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, 'm'));
  });

  it('has the command', async () => {
    expect((await npx('help')).stdout).toContain('millrace <command>');
    expect((await npx('validate', 'node_modules/millrace/examples/earthquakes')).stderr).toBe('');
  });

  it('starts a cluster and stops it', async () => {
    const child: ChildProcess = spawn('npx', ['millrace', 'cluster', 'start', '--brokers', '1'], {
      cwd: app,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout?.on('data', (chunk) => {
      out += String(chunk);
    });
    const exit = new Promise<number | null>((resolve) => {
      child.on('exit', resolve);
    });
    await until('a cluster that is ready', () => out.includes('is ready'), 60_000);
    await npx('topic', 'create', 'one');
    await npx('send', 'one', 'hello');
    expect((await npx('receive', 'one', '--from', 'earliest', '--until-end')).stdout).toBe('hello\n');
    await npx('cluster', 'stop');
    expect(await exit).toBe(0);
  });

  it('lends its cluster to the tests of others', async () => {
    writeFileSync(
      join(app, 'test.mjs'),
      `import { startCluster } from 'millrace/testing';
       const cluster = await startCluster();
       console.log(cluster.bootstrapServers);
       await cluster.stop();`,
    );
    const { stdout } = await run(process.execPath, ['test.mjs'], { cwd: app, env: environment });
    expect(stdout).toMatch(/^127\.0\.0\.1:\d+\n$/);
    expect(existsSync(join(app, 'node_modules/millrace/dist/engine/testing.d.ts'))).toBe(true);
  });
});
