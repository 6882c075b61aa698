import { describe, expect, it } from 'vitest';
import { studioCommand } from './studio-command.ts';
import type { HostEvents } from './studio-host.ts';
import { StudioSupervisor } from './studio-supervisor.ts';

function supervise() {
  const hosts: { events: HostEvents; port: number; token: string | undefined; isEnded: boolean; isKilled: boolean }[] =
    [];
  const failures: string[] = [];
  const timers: (() => void)[] = [];
  let asked = 0;
  const supervisor = new StudioSupervisor({
    command: (port) => {
      asked = port;
      return { node: 'node', script: 'cli.js', args: [] };
    },
    startHost: (_command, env, events) => {
      const host = { events, port: asked, token: env.MILLRACE_STUDIO_TOKEN, isEnded: false, isKilled: false };
      hosts.push(host);
      return {
        end: () => {
          host.isEnded = true;
        },
        kill: () => {
          host.isKilled = true;
        },
      };
    },
    env: {},
    onFailed: (reason) => failures.push(reason),
    after: (_delayMs, callback) => {
      timers.push(callback);
      return () => {};
    },
  });
  return { supervisor, hosts, failures, timers };
}

const ready = (port: number) => `${JSON.stringify({ url: `http://127.0.0.1:${port}/#token=x`, bootstrap: null })}\n`;

describe('StudioSupervisor', () => {
  it('knows where the studio is once it says so, however its output is cut', async () => {
    const { supervisor, hosts } = supervise();
    supervisor.start();
    const address = supervisor.address();
    const text = ready(4711);
    hosts[0]!.events.output(text.slice(0, 20));
    hosts[0]!.events.output(text.slice(20));
    expect(await address).toEqual({ url: 'ws://127.0.0.1:4711/studio', token: hosts[0]!.token });
  });

  it('starts it again at the same place with the same token when it ends by itself', async () => {
    const { supervisor, hosts } = supervise();
    supervisor.start();
    hosts[0]!.events.output(ready(4711));
    hosts[0]!.events.exit('signal SIGKILL');
    expect(hosts).toHaveLength(2);
    expect(hosts[1]).toMatchObject({ port: 4711, token: hosts[0]!.token });
    const address = supervisor.address();
    hosts[1]!.events.output(ready(4711));
    expect((await address).url).toBe('ws://127.0.0.1:4711/studio');
  });

  it('gives up when it never becomes ready, and says why', async () => {
    const { supervisor, hosts, failures } = supervise();
    supervisor.start();
    const address = supervisor.address();
    for (let start = 0; start < 3; start++) {
      hosts[start]!.events.errors('expected the data folder to be free, found it in use by process 7\n');
      hosts[start]!.events.exit('exit code 1');
    }
    await expect(address).rejects.toThrow('in use by process 7');
    expect(failures).toEqual(['expected the data folder to be free, found it in use by process 7']);
    expect(hosts).toHaveLength(3);
  });

  it('ends it in order, and kills it when that takes too long', async () => {
    const { supervisor, hosts, timers } = supervise();
    supervisor.start();
    hosts[0]!.events.output(ready(1));
    const stopped = supervisor.stop();
    expect(hosts[0]!.isEnded).toBe(true);
    timers[0]!();
    expect(hosts[0]!.isKilled).toBe(true);
    hosts[0]!.events.exit('signal SIGKILL');
    await stopped;
    expect(hosts).toHaveLength(1);
  });
});

it('starts the studio of its own install, at the port it had', () => {
  const launch = { isPackaged: false, appPath: '/app', projectPath: '/p', port: 4711, env: { MILLRACE_NODE: '/node' } };
  expect(studioCommand(launch)).toEqual({
    node: '/node',
    script: '/app/dist/engine/cli.js',
    args: ['studio', '/p', '--port', '4711', '--no-open', '--json'],
  });
  expect(studioCommand({ ...launch, isPackaged: true }).node).toBeUndefined();
});
