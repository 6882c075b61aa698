import { expect, it } from 'vitest';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { formatCheckpoint, OffsetCheckpoint, parseCheckpoint } from './offset-checkpoint.ts';

it('reads and writes Kafka’s text format', () => {
  const entries = [
    { topic: 'orders', partition: 0, offset: 42 },
    { topic: 'a.b_c-d', partition: 11, offset: 0 },
  ];
  expect(formatCheckpoint(entries)).toBe('0\n2\norders 0 42\na.b_c-d 11 0\n');
  expect(parseCheckpoint(formatCheckpoint(entries))).toEqual(entries);
  expect(parseCheckpoint(formatCheckpoint([]))).toEqual([]);
});

it.each(['', '1\n0\n', '0\n2\norders 0 1\n', '0\n1\norders zero 1\n'])('takes %j for no checkpoint', (text) => {
  expect(parseCheckpoint(text)).toBeUndefined();
});

/** A disk whose syncs end when they are told to. */
function slowDisk() {
  const disk = new MemoryDisk(new SeededRandom(1));
  const syncs: (() => void)[] = [];
  disk.scheduleSync = (complete) => syncs.push(complete);
  return { disk, syncs };
}

const at = (offset: number) => [{ topic: 'orders', partition: 0, offset }];

it('replaces the file in the background only when the new one is durable', async () => {
  const { disk, syncs } = slowDisk();
  const checkpoint = new OffsetCheckpoint(disk, '/checkpoint');
  checkpoint.write(at(1));
  const written = checkpoint.writeInBackground(at(2));
  expect(checkpoint.writeInBackground(at(3))).toBe(written);
  expect(checkpoint.read()).toEqual(at(1));
  syncs.shift()?.();
  await written;
  expect(checkpoint.read()).toEqual(at(2));
  disk.crash();
  expect(checkpoint.read()).toEqual(at(2));
});

it('does not replace what was written while it was under way', async () => {
  const { disk, syncs } = slowDisk();
  const checkpoint = new OffsetCheckpoint(disk, '/checkpoint');
  const written = checkpoint.writeInBackground(at(2));
  checkpoint.write([]);
  syncs.shift()?.();
  await written;
  expect(checkpoint.read()).toEqual([]);
});

it('keeps the old file when the machine crashes meanwhile', async () => {
  const { disk, syncs } = slowDisk();
  const checkpoint = new OffsetCheckpoint(disk, '/checkpoint');
  checkpoint.write(at(1));
  const written = checkpoint.writeInBackground(at(2));
  disk.crash();
  syncs.shift()?.();
  await expect(written).rejects.toThrow('crashed');
  expect(checkpoint.read()).toEqual(at(1));
});
