import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeDisk } from './node-disk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('NodeDisk', () => {
  it('appends chunks in order, reads them back and overwrites inside', () => {
    const file = new NodeDisk().open(join(folder, 'a'));
    file.append([Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cde')]);
    file.append([Buffer.from('f')]);
    file.writeAt(1, Buffer.from('X'));
    const target = Buffer.alloc(8);
    expect(file.read(target, 1, 7, 0)).toBe(6);
    expect(target.toString('latin1', 1, 7)).toBe('aXcdef');
    file.truncate(2);
    file.append([Buffer.from('z')]);
    file.close();
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('aXz');
  });

  it('continues at the end of an existing file', () => {
    const disk = new NodeDisk();
    const first = disk.open(join(folder, 'a'));
    first.append([Buffer.from('one')]);
    first.close();
    const second = disk.open(join(folder, 'a'));
    expect(second.size).toBe(3);
    second.append([Buffer.from('two')]);
    second.close();
    expect(disk.readFile(join(folder, 'a'))?.toString()).toBe('onetwo');
  });

  it('writes more chunks than one writev takes', () => {
    const file = new NodeDisk().open(join(folder, 'many'));
    file.append(Array.from({ length: 3_000 }, (_, index) => Buffer.from([index & 255])));
    expect(file.size).toBe(3_000);
    const target = Buffer.alloc(3_000);
    expect(file.read(target, 0, 3_000, 0)).toBe(3_000);
    expect(target[2_999]).toBe(2_999 & 255);
    file.close();
  });

  it('answers every caller of the shared sync, also when the file closes meanwhile', async () => {
    const file = new NodeDisk().open(join(folder, 'a'));
    const syncs: Promise<void>[] = [];
    for (let index = 0; index < 50; index++) {
      file.append([Buffer.from('x')]);
      syncs.push(file.sync());
    }
    file.syncNow();
    file.close();
    await Promise.all(syncs);
    expect(statSync(join(folder, 'a')).size).toBe(50);
  });

  it('replaces a file as a whole and leaves nothing behind', () => {
    const disk = new NodeDisk();
    const path = join(folder, 'state');
    expect(disk.readFile(path)).toBeUndefined();
    disk.writeFileAtomic(path, Buffer.from('one'));
    disk.writeFileAtomic(path, Buffer.from('two'));
    expect(disk.readFile(path)?.toString()).toBe('two');
    expect(disk.list(folder)).toEqual(['state']);
  });

  it('names the action, the path and the cause of a failure', () => {
    const disk = new NodeDisk();
    expect(() => disk.open(join(folder, 'missing', 'a'))).toThrowError(
      expect.objectContaining({ code: 'DISK_OPEN_FAILED', details: expect.objectContaining({ systemCode: 'ENOENT' }) }),
    );
    expect(disk.list(join(folder, 'missing'))).toEqual([]);
    disk.remove(join(folder, 'missing'));
  });
});
