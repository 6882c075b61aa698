import type { Disk } from '../../base/disk.ts';

/** The log start offset, when it lies inside a segment (records deleted by request). Kafka's checkpoint format, one line, per partition. */
export const startOffsetFileName = 'log-start-offset-checkpoint';
const version = '0';

/** The stored start offset; 0 when there is none or the file cannot be read. */
export function readStartOffset(disk: Disk, folder: string): number {
  const text = disk.readFile(`${folder}/${startOffsetFileName}`)?.toString('utf8');
  const match = text && /^0\n1\n\S+ \d+ (\d+)\n$/.exec(text);
  return match ? Number(match[1]) : 0;
}

/** Stores the start offset; `folder` ends in `<topic>-<partition>`. */
export function writeStartOffset(disk: Disk, folder: string, offset: number): void {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const dash = name.lastIndexOf('-');
  const line = `${name.slice(0, dash)} ${Number(name.slice(dash + 1)) || 0} ${offset}`;
  disk.writeFileAtomic(`${folder}/${startOffsetFileName}`, Buffer.from(`${version}\n1\n${line}\n`));
}

export function removeStartOffset(disk: Disk, folder: string): void {
  disk.remove(`${folder}/${startOffsetFileName}`);
}
