import { describe, expect, it } from 'vitest';
import { batchOf } from '../../records/testing/batch-of.ts';
import { append, smallConfig, testFolder, testLog, valuesFrom } from './testing/test-batches.ts';

const batchBytes = batchOf(['v00']).length;

/** A log of `count` one-record batches `v00`, `v01` ..., closed in order or not. */
function written(count: number, clean: boolean) {
  const bench = testLog();
  const log = bench.open();
  for (let at = 0; at < count; at++) append(log, [`v${String(at).padStart(2, '0')}`], {}, Math.floor(at / 10));
  const bases = log.segmentBaseOffsets;
  log.close({ clean });
  const pathOf = (base: number, kind: string) => `${testFolder}/${String(base).padStart(20, '0')}.${kind}`;
  const change = (path: string, edit: (bytes: Buffer) => Buffer) =>
    bench.disk.writeFileAtomic(path, edit(bench.disk.readFile(path)!));
  return { ...bench, bases, pathOf, change };
}

const values = (count: number) => Array.from({ length: count }, (_, at) => `${at}:v${String(at).padStart(2, '0')}`);

describe('recovery', () => {
  it('makes an empty log of no folder', () => {
    const log = testLog().open();
    expect([log.startOffset, log.endOffset, log.latestEpoch, log.sizeBytes, log.segmentCount]).toEqual([
      0, 0, -1, 0, 1,
    ]);
  });

  it('cuts a batch that was torn at any byte', () => {
    for (let kept = 0; kept < batchBytes; kept++) {
      const { open, bases, pathOf, change } = written(5, false);
      change(pathOf(bases[0]!, 'log'), (bytes) => bytes.subarray(0, 4 * batchBytes + kept));
      const log = open();
      expect(valuesFrom(log), `${kept} bytes kept`).toEqual(values(4));
      expect(log.sizeBytes).toBe(4 * batchBytes);
      expect(append(log, ['new']).firstOffset).toBe(4);
    }
  });

  it('cuts exactly at the batch in which a byte of the last segment was flipped', () => {
    const { bases } = written(30, false);
    const base = bases.at(-1)!;
    const bytes = (30 - base) * batchBytes;
    for (let at = 0; at < bytes; at += 3) {
      if (at % batchBytes >= 12 && at % batchBytes < 16) continue; // leader epoch: outside the checksum
      const { open, pathOf, change } = written(30, false);
      change(pathOf(base, 'log'), (content) => {
        content[at] = content[at]! ^ 0x20;
        return content;
      });
      expect(valuesFrom(open()), `byte ${at}`).toEqual(values(base + Math.floor(at / batchBytes)));
    }
  });

  it('drops the segments behind one that lost its end, also when the topic is compacted', () => {
    for (const isCompacted of [false, true]) {
      const { open, bases, pathOf, change } = written(40, false);
      change(pathOf(bases[1]!, 'log'), (content) => content.subarray(0, 2 * batchBytes));
      const log = open({ config: { ...smallConfig, isCompacted } });
      expect(log.segmentBaseOffsets).toEqual(bases.slice(0, 2));
      expect(log.endOffset).toBe(bases[1]! + 2);
    }
  });

  it('drops the segments behind a damaged one', () => {
    const { open, bases, pathOf, change } = written(40, false);
    change(pathOf(bases[1]!, 'log'), (content) => content.fill(0, 100, 110));
    const log = open();
    expect(log.segmentBaseOffsets).toEqual(bases.slice(0, 2));
    expect(log.endOffset).toBe(bases[1]! + 1);
    expect(log.epochs.every((epoch) => epoch.startOffset < log.endOffset)).toBe(true);
  });

  it('drops the segments behind one whose end is missing', () => {
    const { open, bases, pathOf, change } = written(40, false);
    change(pathOf(bases[0]!, 'log'), (content) => content.subarray(0, content.length - batchBytes));
    const log = open();
    expect(log.segmentBaseOffsets).toEqual([0]);
    expect(log.endOffset).toBe(bases[1]! - 1);
  });

  it('looks only at the tail after a clean shutdown', () => {
    const { open, bases, pathOf, change } = written(40, true);
    change(pathOf(bases[0]!, 'log'), (content) => content.fill(0, 100, 110)); // rot in old data is for readers to find
    change(pathOf(bases.at(-1)!, 'log'), (content) => content.subarray(0, content.length - 1));
    const log = open({ cleanShutdown: true });
    expect(log.segmentBaseOffsets).toEqual(bases);
    expect(log.endOffset).toBe(39);
  });

  it('looks at nothing below the recovery point after a crash', () => {
    const { open, bases, pathOf, change } = written(40, false);
    change(pathOf(bases[0]!, 'log'), (content) => content.fill(0, 100, 110));
    expect(open({ recoveryPoint: bases[1]! }).endOffset).toBe(40);
    expect(open().endOffset).toBe(1);
  });

  it('rebuilds indexes that are missing or cannot be right, with the bytes they had', () => {
    for (const spoil of [undefined, Buffer.alloc(7), Buffer.alloc(48)]) {
      const { disk, open, bases, pathOf } = written(40, true);
      const kinds = ['index', 'timeindex'] as const;
      const before = kinds.map((kind) => disk.readFile(pathOf(bases[1]!, kind)));
      for (const kind of kinds) {
        disk.remove(pathOf(bases[1]!, kind));
        if (spoil) disk.writeFileAtomic(pathOf(bases[1]!, kind), spoil);
      }
      const log = open({ cleanShutdown: true });
      expect(valuesFrom(log)).toEqual(values(40));
      log.close({ clean: true });
      expect(kinds.map((kind) => disk.readFile(pathOf(bases[1]!, kind)))).toEqual(before);
    }
  });

  it('learns the epochs from the batches when their file is missing', () => {
    for (const clean of [true, false]) {
      const { disk, open } = written(35, clean);
      disk.remove(`${testFolder}/leader-epoch-checkpoint`);
      expect(open({ cleanShutdown: clean }).epochs.map(({ epoch, startOffset }) => [epoch, startOffset])).toEqual([
        [0, 0],
        [1, 10],
        [2, 20],
        [3, 30],
      ]);
    }
  });

  it('survives a damaged producer snapshot', () => {
    const { disk, open, change } = written(20, true);
    for (const name of disk.list(testFolder))
      if (name.endsWith('.snapshot')) change(`${testFolder}/${name}`, (content) => content.fill(1));
    expect(valuesFrom(open({ cleanShutdown: true }))).toEqual(values(20));
  });

  it('removes leftovers and indexes without a log', () => {
    const { disk, open, pathOf } = written(3, true);
    for (const name of ['00000000000000000000.log.deleted', '00000000000000000009.index', 'x.tmp'])
      disk.writeFileAtomic(`${testFolder}/${name}`, Buffer.alloc(8));
    open({ cleanShutdown: true });
    expect(disk.list(testFolder).filter((name) => /deleted|tmp|0009/.test(name))).toEqual([]);
    expect(disk.readFile(pathOf(0, 'log'))?.length).toBe(3 * batchBytes);
  });

  it('bounds the snapshots that restarts leave behind', () => {
    const { disk, open } = written(20, true);
    for (let round = 0; round < 5; round++) {
      const log = open({ cleanShutdown: true });
      append(log, [`r${round}`]);
      log.close({ clean: true });
    }
    const log = open({ cleanShutdown: true });
    const snapshots = disk.list(testFolder).filter((name) => name.endsWith('.snapshot')).length;
    expect(snapshots).toBeLessThanOrEqual(log.segmentCount + 1);
  });
});
