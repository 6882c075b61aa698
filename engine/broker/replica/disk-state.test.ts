import { expect, it } from 'vitest';
import { MillraceError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { DiskState, diskReserveName } from './disk-state.ts';

const full = new MillraceError('DISK_FULL', 'no room');

function setUp() {
  const disk = new MemoryDisk(new SeededRandom(1));
  const clock = new ManualClock();
  const lines: string[] = [];
  const note = (message: string) => lines.push(message);
  const log: Log = { ...silentLog, error: note, info: note, with: () => log };
  const state = new DiskState({ disk, dataFolder: '/data', clock, log });
  const changes: boolean[] = [];
  state.onChange(() => changes.push(state.isWritable));
  let isFull = false;
  disk.beforeWrite = () => {
    if (isFull) throw full;
  };
  const fill = (now: boolean) => {
    isFull = now;
  };
  state.start();
  return { disk, clock, lines, state, changes, fill };
}

it('says once that the disk is full, gives the reserve free, and comes back by itself', () => {
  const { disk, clock, lines, state, changes, fill } = setUp();
  expect(disk.list('/data')).toEqual([diskReserveName]);
  fill(true);
  for (let time = 0; time < 5; time++) expect(state.failed(full)).toBe(true);
  expect([state.isWritable, state.reason]).toEqual([false, 'its disk cannot be written (DISK_FULL)']);
  expect(disk.list('/data')).toEqual([]);
  clock.advance(120_000);
  expect(lines).toHaveLength(1);
  fill(false);
  clock.advance(10_000);
  expect(changes).toEqual([false, true]);
  expect(lines).toHaveLength(2);
  expect(disk.list('/data')).toEqual([diskReserveName]);
});

it('tries less often while the disk fails again and again', () => {
  const { clock, state, changes } = setUp();
  const waits = [];
  for (let time = 0; time < 6; time++) {
    state.failed(full);
    const failedAtMs = clock.monotonic();
    while (!state.isWritable) clock.advance(100);
    waits.push(clock.monotonic() - failedAtMs);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(changes).toHaveLength(12);
});

it('has room for the metadata again a second after there is some, long before it believes the disk', () => {
  const { disk, clock, state, fill } = setUp();
  state.failed(full);
  clock.advance(1_000);
  state.failed(full);
  fill(true);
  clock.advance(8_000);
  const metadata = state.withReserve(disk).open('/data/metadata');
  expect(() => metadata.append([Buffer.from('x')])).toThrow(full);
  fill(false);
  clock.advance(1_000);
  expect([state.isWritable, disk.list('/data').includes(diskReserveName)]).toEqual([false, true]);
});

it('does not believe a disk again that failed to sync', () => {
  const { clock, state } = setUp();
  state.failed(new MillraceError('DISK_SYNC_FAILED', 'EIO'));
  clock.advance(600_000);
  expect(state.isWritable).toBe(false);
});

it.each([
  ['a file that is missing', new MillraceError('DISK_OPEN_FAILED', 'x', { details: { systemCode: 'ENOENT' } })],
  ['no more descriptors', new MillraceError('DISK_OPEN_FAILED', 'x', { details: { systemCode: 'EMFILE' } })],
  ['something else', new Error('x')],
])('leaves %s to others', (_, error) => {
  const { state } = setUp();
  expect(state.failed(error)).toBe(false);
  expect(state.isWritable).toBe(true);
});
