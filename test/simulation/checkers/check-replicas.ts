import { batchesOf, readBatchHeader } from '../../../engine/records/record-batch.ts';
import type { Machine } from '../world/machine.ts';
import { dataFolder } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import type { Report } from './check-final.ts';

const metadataFolder = '__cluster_metadata-0';

/** All replicas of a partition, and all copies of the metadata log, hold the same bytes, as read from the disks. */
export function checkReplicas(world: World, report: Report): void {
  const image = world.machines[0]?.broker?.inspect()?.image;
  for (const topic of image?.topics.values() ?? [])
    for (const [partition, { replicas }] of topic.partitions.entries())
      compare(
        `${topic.name}-${partition}`,
        replicas.map((id) => world.machine(id)),
        report,
      );
  compare(metadataFolder, world.machines, report);
}

function compare(folder: string, machines: readonly Machine[], report: Report): void {
  const batches = new Map<number, { readonly machine: string; readonly bytes: Buffer }>();
  for (const { disk, name } of machines) {
    let next: number | undefined;
    for (const batch of batchesOnDisk(disk, `${dataFolder}/${folder}`)) {
      const { baseOffset, lastOffset } = readBatchHeader(batch);
      if (next !== undefined && baseOffset !== next)
        report('replicas', `${folder} on ${name}: offset ${baseOffset} follows ${next - 1}`);
      next = lastOffset + 1;
      const known = batches.get(baseOffset);
      if (known && !known.bytes.equals(batch))
        report('replicas', `${folder} at ${baseOffset} differs on ${known.machine} and ${name}`);
      if (!known) batches.set(baseOffset, { machine: name, bytes: batch });
    }
  }
}

function* batchesOnDisk(disk: Machine['disk'], folder: string): Generator<Buffer> {
  for (const file of disk.list(folder))
    if (/^\d{20}\.log$/.test(file)) yield* batchesOf(disk.readFile(`${folder}/${file}`) ?? Buffer.alloc(0));
}
