import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openWindow } from '../../test/kit/studio-window.ts';
import { until } from '../../test/kit/until.ts';
import type { Studio } from './main.ts';
import { startStudio } from './main.ts';
import { studioProtocol, studioRefusedProtocol, studioTokenPrefix } from './studio-protocol.ts';

let folder: string;
let studio: Studio;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'studio-test-'));
  writeFileSync(join(folder, 'index.html'), '<title>Designer</title>');
  writeFileSync(join(folder, 'secret.txt'), 'not of the designer');
  studio = await startStudio({ port: 0, rendererFolder: folder, userFolder: join(folder, 'home') });
});

afterEach(async () => {
  await studio.stop();
  rmSync(folder, { recursive: true, force: true });
});

function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: studio.port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

/** How an upgrade ends: the protocol that was chosen, or the status of the refusal. */
function connect(
  origin: string | undefined,
  token: string,
  host = `127.0.0.1:${studio.port}`,
): Promise<string | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${studio.port}/studio`,
      [studioProtocol, studioRefusedProtocol, `${studioTokenPrefix}${token}`],
      { headers: { host }, ...(origin === undefined ? {} : { origin }) },
    );
    socket.on('open', () => {
      resolve(socket.protocol);
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

describe('the studio server', () => {
  it('serves the designer with a strict policy and never from a cache', async () => {
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, body: '<title>Designer</title>' });
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('serves nothing outside of the designer’s folder', async () => {
    for (const path of [
      '/../package.json',
      '/..%2f..%2fetc/passwd',
      '/%2e%2e/x',
      '/..%5c..%5cx',
      '/%00',
      '/home',
      '/%',
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  it('answers only to its own name, whatever resolves to this machine', async () => {
    expect((await get('/', { host: `evil.example:${studio.port}` })).status).toBe(403);
    expect((await get('/', { host: `localhost:${studio.port}` })).status).toBe(200);
  });

  it('lets in only its own pages with the token of this launch', async () => {
    const own = `http://127.0.0.1:${studio.port}`;
    expect(await connect(own, studio.token)).toBe(studioProtocol);
    expect(await connect(own, 'wrong')).toBe(studioRefusedProtocol);
    expect(await connect('http://evil.example', studio.token)).toBe(403);
    expect(await connect(undefined, studio.token)).toBe(403);
    expect(await connect(own, studio.token, `evil.example:${studio.port}`)).toBe(403);
  });

  it('says in one line that its port is taken', async () => {
    await expect(startStudio({ port: studio.port, userFolder: folder })).rejects.toMatchObject({
      code: 'STUDIO_PORT_IN_USE',
      message: expect.stringContaining(`expected port ${studio.port} to be free`),
    });
  });

  it('answers wrong calls with typed errors', async () => {
    const window = await openWindow(studio);
    const call = window.call.bind(window) as (name: string, params: unknown) => Promise<unknown>;
    await expect(call('project.explode', {})).rejects.toMatchObject({ code: 'UNKNOWN_CALL' });
    await expect(call('project.open', { path: 7 })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('project.open: path:'),
    });
    await expect(call('project.save', { files: {}, baseRevision: '' })).rejects.toMatchObject({
      code: 'PROJECT_NOT_OPEN',
    });
    await expect(call('topics.list', {})).rejects.toMatchObject({ code: 'NO_CLUSTER' });
    window.close();
  });

  it('creates, saves and watches a project', async () => {
    const window = await openWindow(studio);
    const path = join(folder, 'orders');
    const created = await window.call('project.create', { path, name: 'Orders' });
    expect(Object.keys(created.files)).toContain('processes/main.process.json');
    expect((await window.call('project.recent', {}))[0]).toEqual({ path: created.path, name: 'Orders' });

    const files = { ...created.files, 'profiles/dev.json': '{}\n' };
    const { revision } = await window.call('project.save', { files, baseRevision: created.revision });
    expect(readFileSync(join(path, 'profiles/dev.json'), 'utf8')).toBe('{}\n');
    expect(readdirSync(join(path, 'profiles'))).toEqual(['dev.json']);

    const changed = new Promise((resolve) => window.on('project.changedOnDisk', resolve));
    writeFileSync(join(path, 'profiles/dev.json'), '{"a":"b"}\n');
    expect(await changed).toMatchObject({ files: { 'profiles/dev.json': '{"a":"b"}\n' } });
    await expect(window.call('project.save', { files, baseRevision: revision })).rejects.toMatchObject({
      code: 'PROJECT_CHANGED_ON_DISK',
    });
    await window.call('project.save', { files, baseRevision: revision, overwrite: true });
    expect(readFileSync(join(path, 'profiles/dev.json'), 'utf8')).toBe('{}\n');
    window.close();
  });

  it('refuses to write outside of the project', async () => {
    const window = await openWindow(studio);
    const { files, revision } = await window.call('project.create', { path: join(folder, 'p'), name: 'P' });
    const oddNames = [
      'processes/.bashrc.x',
      'processes/ a.process.json',
      'processes/a.process.json ',
      'processes/a\u202enosj.process.json',
      'schemas/a\u200b.json',
      'tests/a.part',
      'tests/a.json.',
    ];
    for (const path of [
      '../x.json',
      '/etc/x.json',
      'processes/../../x.json',
      'data/x.json',
      'schemas\\x.json',
      ...oddNames,
    ]) {
      await expect(
        window.call('project.save', { files: { ...files, [path]: '{}' }, baseRevision: revision }),
        path,
      ).rejects.toMatchObject({ code: 'PROJECT_PATH_OUTSIDE' });
    }
    window.close();
  });

  it('tells a window that comes why the project it was started with is not open', async () => {
    const other = await startStudio({ port: 0, projectPath: join(folder, 'nowhere'), userFolder: folder });
    const window = await openWindow(other);
    const hello = await window.call('session.hello', {});
    expect(hello).toMatchObject({ project: null, problem: { code: 'PROJECT_NOT_FOUND' }, run: { state: 'idle' } });
    window.close();
    await other.stop();
  });

  it('is found again by its windows after a restart', async () => {
    const window = await openWindow(studio);
    const { port, token } = studio;
    await studio.stop();
    await until('the window notices', () => window.state === 'lost');
    await expect(window.call('session.hello', {})).rejects.toMatchObject({ code: 'STUDIO_NOT_CONNECTED' });
    studio = await startStudio({ port, token, rendererFolder: folder, userFolder: folder });
    await until('the window is back', () => window.state === 'open');
    expect((await window.call('session.hello', {})).project).toBeNull();
    window.close();
  });
});
