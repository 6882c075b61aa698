import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { startTokenOf } from './process-identity.ts';

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

  it('takes over a lock file that a crash left empty', () => {
    writeFileSync(join(folder, '.lock'), '');
    lockFolder(folder)();
  });
});
