import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { startTokenOf } from './process-identity.ts';

const starter = fileURLToPath(new URL('../../test/kit/lock-starter.ts', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lockFolder', () => {
  it('refuses a second holder in the same process until the first lets go', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_LOCKED' }));
    release();
    release();
    lockFolder(folder)();
    expect(existsSync(join(folder, '.lock'))).toBe(false);
  });

  it('refuses while another process that runs holds it, and takes over when that has gone', async () => {
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(other, 'spawn');
    const pid = other.pid as number;
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid, startToken: startTokenOf(pid) ?? '' }));
    expect(() => lockFolder(folder)).toThrowError(expect.objectContaining({ details: { folder, pid } }));
    other.kill('SIGKILL');
    await once(other, 'exit');
    lockFolder(folder)();
  });

  it.runIf(process.platform === 'linux')('takes over a lock whose process id now belongs to another process', () => {
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: process.ppid, startToken: 'another boot:1' }));
    lockFolder(folder)();
  });

  it('leaves an empty lock alone while its holder may be writing it, and takes it over later', () => {
    const path = join(folder, '.lock');
    writeFileSync(path, '');
    expect(() => lockFolder(folder)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_LOCKED' }));
    const past = new Date(Date.now() - 6_000);
    utimesSync(path, past, past);
    lockFolder(folder)();
  });

  it('knows a folder by any of its names', () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    const release = lockFolder(folder);
    expect(() => lockFolder(link)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_LOCKED' }));
    release();
    rmSync(link);
  });

  it('gives a stale lock to one of several that start at the same moment', async () => {
    const starters = Array.from({ length: 4 }, () => fork(starter, { stdio: 'inherit' }));
    const ask = async (message: object) => {
      const answers = starters.map((each) => once(each, 'message'));
      for (const each of starters) each.send(message);
      return (await Promise.all(answers)).map(([answer]) => answer as unknown);
    };
    for (let round = 0; round < 60; round++) {
      writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startToken: 'gone:1' }));
      const got = await ask({ folder, atMs: Date.now() + 4 });
      expect(got.filter((answer) => answer === 'locked')).toHaveLength(1);
      await ask({});
      expect(readdirSync(folder)).toEqual([]);
    }
    for (const each of starters) each.disconnect();
  });
});
