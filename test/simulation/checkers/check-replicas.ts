import type { MetadataImage } from '../../../engine/broker/controller/metadata-image.ts';
import { isInternalTopic } from '../../../engine/protocol/system-topics.ts';
import { batchesOf, decodeRecords, readBatchHeader } from '../../../engine/records/record-batch.ts';
import { markerAt } from '../../../engine/records/transaction-marker.ts';
import type { Machine } from '../world/machine.ts';
import { dataFolder } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import type { Report } from './check-final.ts';

const metadataFolder = '__cluster_metadata-0';

/**
 * All replicas of a partition, and all copies of the metadata log, hold the same bytes, as read from the disks. Each replica of a
 * compacted topic is cleaned when its broker comes to it: those say the same, record by record and key by key.
 */
export function checkReplicas(world: World, report: Report): void {
  const image = world.machines[0]?.broker?.inspect()?.image;
  for (const topic of image?.topics.values() ?? [])
    for (const [partition, { replicas }] of topic.partitions.entries())
      (isCompacted(topic.name, image) ? compareCompacted : compare)(
        `${topic.name}-${partition}`,
        replicas.map((id) => world.machine(id)),
        report,
      );
  compare(metadataFolder, world.machines, report);
}

function isCompacted(topic: string, image: MetadataImage | undefined): boolean {
  return isInternalTopic(topic) || image?.configs('topic', topic).get('cleanup.policy') === 'compact';
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

function compareCompacted(folder: string, machines: readonly Machine[], report: Report): void {
  const records = new Map<number, string>();
  const all = machines.map(({ disk, name }) => ({
    name,
    batches: [...batchesOnDisk(disk, `${dataFolder}/${folder}`)],
  }));
  // Groups go on while this is judged: what has not come to all of them yet is left out.
  const ends = all.map(({ batches }) => (batches.length > 0 ? readBatchHeader(batches.at(-1)!).lastOffset + 1 : 0));
  const latest = all.map(({ name, batches: held }) => {
    let next = 0;
    const batches = held.filter((batch) => readBatchHeader(batch).lastOffset < Math.min(...ends));
    for (const batch of batches) {
      const { baseOffset, lastOffset } = readBatchHeader(batch);
      if (baseOffset < next) report('replicas', `${folder} on ${name}: offset ${baseOffset} follows ${next - 1}`);
      next = lastOffset + 1;
      for (const { offset, key, value } of decodeRecords(batch)) {
        const content = `${key?.toString('hex')}=${value?.toString('hex')}`;
        const known = records.get(offset) ?? content;
        if (known !== content) report('replicas', `${folder} at ${offset} differs on ${name} and another`);
        records.set(offset, content);
      }
    }
    return latestByKey(batches);
  });
  for (const key of new Set(latest.flatMap((each) => [...each.keys()]))) {
    const values = new Set(latest.map((each) => each.get(key) ?? 'null'));
    if (values.size > 1) report('replicas', `${folder} has ${[...values].join(' and ')} for key ${key}`);
  }
}

/** What each key has come to, by the transactions that were committed. */
function latestByKey(batches: readonly Buffer[]): Map<string, string> {
  const latest = new Map<string, { readonly offset: number; readonly value: string }>();
  const held = new Map<number, Buffer[]>();
  const apply = (batch: Buffer): void => {
    for (const { offset, key, value } of decodeRecords(batch)) {
      const name = String(key?.toString('hex'));
      if ((latest.get(name)?.offset ?? -1) < offset)
        latest.set(name, { offset, value: value?.toString('hex') ?? 'null' });
    }
  };
  for (const batch of batches) {
    const { isControl, isTransactional, producerId } = readBatchHeader(batch);
    const marker = isControl ? markerAt(batch, 0) : undefined;
    if (isTransactional && !isControl) held.set(producerId, [...(held.get(producerId) ?? []), batch]);
    else if (!isControl) apply(batch);
    if (!marker) continue;
    if (!marker.isAbort) for (const each of held.get(producerId) ?? []) apply(each);
    held.delete(producerId);
  }
  return new Map([...latest].map(([key, { value }]) => [key, value]));
}

function* batchesOnDisk(disk: Machine['disk'], folder: string): Generator<Buffer> {
  for (const file of disk.list(folder))
    if (/^\d{20}\.log$/.test(file)) yield* batchesOf(disk.readFile(`${folder}/${file}`) ?? Buffer.alloc(0));
}
