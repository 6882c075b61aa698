import { describe, expect, it } from 'vitest';
import { MemoryDisk } from './memory-disk.ts';
import { SeededRandom } from './seeded-random.ts';

const bytes = (text: string) => Buffer.from(text);
const text = (disk: MemoryDisk, path: string) => disk.readFile(path)?.toString();

describe('memory disk', () => {
  it('reads back what was appended, overwritten and cut', () => {
    const file = new MemoryDisk(new SeededRandom(1)).open('a/b');
    file.append([bytes('hello '), bytes('world')]);
    file.writeAt(0, bytes('J'));
    file.truncate(8);
    const target = Buffer.alloc(10, '.');
    expect([file.size, file.read(target, 1, 9, 3), target.toString()]).toEqual([8, 5, '.lo wo....']);
  });

  it('loses in a crash what was not synced, also overwrites and cuts', async () => {
    const disk = new MemoryDisk(new SeededRandom(1));
    const file = disk.open('f');
    file.append([bytes('synced')]);
    const synced = file.sync();
    file.append([bytes(' not')]);
    await synced;
    file.writeAt(0, bytes('XX'));
    file.truncate(3);
    disk.crash();
    expect(text(disk, 'f')).toBe('synced');
    expect(() => file.append([bytes('x')])).toThrow(/crashed/);
    disk.open('f').append([bytes('!')]);
    disk.crash({ unsynced: 'keep' });
    expect(text(disk, 'f')).toBe('synced!');
  });

  it('tears: a synced part and some of the rest, the same for the same seed', () => {
    const torn = (seed: number) => {
      const disk = new MemoryDisk(new SeededRandom(seed));
      const file = disk.open('f');
      file.append([bytes('abc')]);
      file.syncNow();
      file.append([bytes('defghijkl')]);
      disk.crash({ unsynced: 'tear' });
      return text(disk, 'f')!;
    };
    const outcomes = Array.from({ length: 40 }, (_, seed) => torn(seed));
    expect(outcomes).toEqual(Array.from({ length: 40 }, (_, seed) => torn(seed)));
    expect(outcomes.every((outcome) => outcome.startsWith('abc') && outcome.length <= 12)).toBe(true);
    expect(new Set(outcomes.map((outcome) => outcome.length)).size).toBeGreaterThan(5);
    expect(outcomes.some((outcome) => outcome.includes('\0'))).toBe(true);
  });

  it('lists, renames and removes folders', () => {
    const disk = new MemoryDisk(new SeededRandom(1));
    disk.makeFolder('d/empty');
    disk.writeFileAtomic('d/p/x', bytes('1'));
    disk.open('d/y').append([bytes('2')]);
    expect(disk.list('d')).toEqual(['empty', 'p', 'y']);
    disk.rename('d/p', 'd/q');
    expect([disk.list('d'), text(disk, 'd/q/x')]).toEqual([['empty', 'q', 'y'], '1']);
    disk.remove('d/q');
    expect([disk.list('d'), disk.readFile('d/q/x'), disk.list('none')]).toEqual([['empty', 'y'], undefined, []]);
  });

  it('fills up', () => {
    const disk = new MemoryDisk(new SeededRandom(1), 10);
    const file = disk.open('f');
    file.append([Buffer.alloc(8)]);
    expect(() => file.append([Buffer.alloc(3)])).toThrow(/no room/);
    expect(file.size).toBe(8);
    disk.remove('f');
    disk.open('g').append([Buffer.alloc(10)]);
  });
});
