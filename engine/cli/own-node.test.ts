import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ownNode } from './own-node.ts';

const node = ownNode();

it.skipIf(node === undefined)('finds the Node.js that the install brought (there is none for every system)', () => {
  expect(execFileSync(String(node), ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
});

/** A process that runs `script` on another Node.js in its place, as a `millrace` does that an older Node.js starts. */
async function standIn(script: string) {
  const module = new URL('./own-node.ts', import.meta.url).href;
  const text = `import { runOn } from ${JSON.stringify(module)};
    process.exitCode = await runOn(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'passes %s on and ends with the exit code of what it runs (not on Windows, which has no signals)',
  async (signal) => {
    const child = await standIn(
      `process.on('${signal}', () => process.exit(42)); setInterval(() => {}, 1000); console.log('up');`,
    );
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([42, null]);
  },
);

it.skipIf(process.platform === 'win32')(
  'tells by which signal it ended, as a shell does (not on Windows)',
  async () => {
    const child = await standIn(`console.log('up'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`);
    expect(await once(child, 'exit')).toEqual([137, null]);
  },
);
