import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWindow } from '../../../test/kit/studio-window.ts';
import { until } from '../../../test/kit/until.ts';
import type { Studio } from '../main.ts';
import { startStudio } from '../main.ts';

/** A port where nobody speaks Kafka: it counts who comes, and hangs up. */
interface Port {
  readonly address: string;
  readonly server: Server;
  visits: number;
}

async function openPort(): Promise<Port> {
  const server = createServer((socket) => {
    port.visits++;
    socket.on('error', () => {});
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: number } = server.address() as { port: number };
  const port: Port = { address: `127.0.0.1:${number}`, server, visits: 0 };
  return port;
}

const resourceFile = 'resources/orders.kafka.json';
const resourceText = (config: Readonly<Record<string, string>>) =>
  `${JSON.stringify({ format: 1, type: 'kafka.connection', name: 'Orders', config: { cluster: 'servers', ...config } })}\n`;

let folder: string;
let studio: Studio;
let window: Awaited<ReturnType<typeof openWindow>>;
let [first, second]: [Port, Port] = [] as never;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resources-test-'));
  studio = await startStudio({ port: 0, rendererFolder: folder, userFolder: join(folder, 'home') });
  window = await openWindow(studio);
  [first, second] = [await openPort(), await openPort()];
});

afterEach(async () => {
  window.close();
  await studio.stop();
  first.server.close();
  second.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A saved project whose resource `orders` has these settings. */
async function save(config: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
  const path = join(folder, 'project');
  const { files, revision } = await window
    .call('project.open', { path })
    .catch(() => window.call('project.create', { path, name: 'P' }));
  const next = { ...files, ...more, [resourceFile]: resourceText(config) };
  await window.call('project.save', { files: next, baseRevision: revision });
  return { path, projectFile: files['millrace.json']! };
}

/** Asks for topics until somebody was visited: what becomes of a call is not what these tests are about. */
async function ask(): Promise<void> {
  void window.call('topics.list', { connection: 'orders' }).catch(() => {});
}

describe('a Kafka Connection that a window names', () => {
  it('is the one that was saved last, at once', async () => {
    await save({ bootstrapServers: first.address });
    await ask();
    await until('the first is asked', () => first.visits > 0);
    expect(second.visits).toBe(0);
    await save({ bootstrapServers: second.address });
    await ask();
    await until('the second is asked', () => second.visits > 0);
  });

  it('is the one that somebody else wrote, as soon as the window hears of it', async () => {
    const { path } = await save({ bootstrapServers: first.address });
    const heard = new Promise((resolve) => window.on('project.changedOnDisk', resolve));
    writeFileSync(join(path, resourceFile), resourceText({ bootstrapServers: second.address }));
    await heard;
    await ask();
    await until('the second is asked', () => second.visits > 0);
    expect(first.visits).toBe(0);
  });

  it('is known without a look at the disk', async () => {
    const { path } = await save({ bootstrapServers: first.address });
    rmSync(path, { recursive: true });
    await ask();
    await until('the first is asked', () => first.visits > 0);
  });

  it('has the values of a profile where one is named', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
    const settings = { bootstrapServers: '${property:brokers}' };
    const { projectFile } = await save(settings);
    const properties = { brokers: { type: 'string', default: first.address } };
    await save(settings, {
      'millrace.json': JSON.stringify({ ...JSON.parse(projectFile), properties }),
      'profiles/staging.json': JSON.stringify({ brokers: second.address }),
    });
    await expect(window.call('resource.probe', { resource: 'orders', profile: 'staging' })).rejects.toThrow(
      second.address,
    );
    expect([first.visits, second.visits > 0]).toEqual([0, true]);
    await expect(window.call('resource.probe', { resource: 'orders' })).rejects.toThrow(first.address);
    await expect(window.call('resource.probe', { resource: 'orders', profile: 'x' })).rejects.toMatchObject({
      code: 'PROFILE_UNKNOWN',
    });
  });

  it('is refused in the words of a run', async () => {
    await save({
      ...{ bootstrapServers: first.address, securityProtocol: 'SASL_PLAINTEXT', username: 'ann' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      password: '${secret:NOT_THERE}',
    });
    const refusals: unknown[] = [];
    for (const resource of ['orders', 'lost', { name: 'Draft', config: { cluster: 'servers' } }, undefined])
      for (const asked of [
        window.call('resource.browse', { resource, what: 'topic' }),
        window.call('topics.list', { connection: resource }),
      ])
        refusals.push(
          await asked.catch(({ code, message }: { code: string; message: string }) => `${code}: ${message}`),
        );
    const twice = (text: unknown) => [text, text];
    expect(refusals).toEqual([
      ...twice(
        'SECRET_MISSING: resource "orders", field "password": expected secret "NOT_THERE" in the environment variable MILLRACE_SECRET_NOT_THERE, found none',
      ),
      ...twice('RESOURCE_MISSING: expected a shared resource "lost", found none in the project'),
      ...twice(expect.stringMatching(/^CONFIG_INVALID: resource "Draft": field "bootstrapServers": /)),
      ...twice(expect.stringMatching(/^NO_CLUSTER: expected a bundled cluster for "bundled cluster", found none; /)),
    ]);
  });
});
