import type { Disk } from '../../../base/disk.ts';
import * as layout from '../../../records/batch-layout.ts';
import { scanBatches } from '../segment/batch-scan.ts';
import { offsetFileName, segmentFileKinds, segmentOffsets } from '../segment/log-files.ts';

/** A folder whose segments are swapped, and the names of the files in it. */
interface SwapFolder {
  readonly disk: Disk;
  readonly folder: string;
  readonly names: ReadonlySet<string>;
}

/**
 * Lets the cleaned segment at `baseOffset`, which is synced, take the place of the segments at `oldOffsets`. From the moment
 * that its `.log.swap` is there the swap is decided, and `finishSwaps` completes it after a crash; before, it never was.
 */
export function swapIn(disk: Disk, folder: string, baseOffset: number, oldOffsets: readonly number[]): void {
  const names = new Set(disk.list(folder));
  for (const kind of segmentFileKinds) {
    const name = offsetFileName(baseOffset, kind);
    if (names.has(`${name}.cleaned`)) disk.rename(`${folder}/${name}.cleaned`, `${folder}/${name}.swap`);
  }
  for (const offset of oldOffsets) if (offset !== baseOffset) removeSegment({ disk, folder, names }, offset);
  removeSegment({ disk, folder, names }, baseOffset);
  takeNames(disk, folder, baseOffset, new Set(disk.list(folder)));
}

/** Whether the segment at `baseOffset` takes the place of others, whatever comes. */
export function isSwapDecided(disk: Disk, folder: string, baseOffset: number): boolean {
  return disk.list(folder).includes(`${offsetFileName(baseOffset, 'log')}.swap`);
}

/** Removes the files of a segment, the log last: as long as it is there, nothing of the new one has its name. */
function removeSegment({ disk, folder, names }: SwapFolder, offset: number): void {
  for (const kind of segmentFileKinds) {
    const name = offsetFileName(offset, kind);
    if (!names.has(name)) continue;
    if (kind === 'log') disk.rename(`${folder}/${name}`, `${folder}/${name}.deleted`);
    else disk.remove(`${folder}/${name}`);
  }
}

function takeNames(disk: Disk, folder: string, baseOffset: number, names: ReadonlySet<string>): void {
  for (const kind of segmentFileKinds) {
    const name = offsetFileName(baseOffset, kind);
    if (names.has(`${name}.swap`)) disk.rename(`${folder}/${name}.swap`, `${folder}/${name}`);
  }
}

/**
 * Completes the swaps that a crash interrupted: what `<base>.log.swap` replaces goes, and it takes its name. Where Kafka left a
 * file of the same segment that ends in `.cleaned`, nothing has been removed yet, and the swap is dropped. Answers the names
 * that are in the folder afterwards.
 */
export function finishSwaps(disk: Disk, folder: string, names: readonly string[]): readonly string[] {
  const swapped = segmentOffsets(names.filter((name) => name.endsWith('.log.swap')).map((name) => name.slice(0, -5)));
  if (swapped.length === 0) return names;
  const known = new Set(names);
  for (const baseOffset of swapped) {
    if (segmentFileKinds.some((kind) => known.has(`${offsetFileName(baseOffset, kind)}.cleaned`))) continue;
    const endOffset = endOf(disk, `${folder}/${offsetFileName(baseOffset, 'log')}.swap`, baseOffset);
    for (const offset of segmentOffsets(names))
      if (offset > baseOffset && offset < endOffset) removeSegment({ disk, folder, names: known }, offset);
    if (known.has(offsetFileName(baseOffset, 'log'))) removeSegment({ disk, folder, names: known }, baseOffset);
    takeNames(disk, folder, baseOffset, new Set(disk.list(folder)));
  }
  return disk.list(folder);
}

/** Offset after the last batch of a segment file. */
function endOf(disk: Disk, path: string, baseOffset: number): number {
  const file = disk.open(path);
  let endOffset = baseOffset + 1;
  try {
    scanBatches(file, 0, file.size, false, (buffer, at) => {
      endOffset = layout.lastOffsetOf(buffer, at) + 1;
      return true;
    });
  } finally {
    file.close();
  }
  return endOffset;
}
