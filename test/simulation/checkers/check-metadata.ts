import type { KnownTopic } from '../clients/admin.ts';
import type { World } from '../world/world.ts';
import type { Report } from './check-final.ts';

/** Every change that the admin had acknowledged is in the metadata of every broker. */
export function checkMetadata(world: World, ledger: ReadonlyMap<string, KnownTopic>, report: Report): void {
  for (const { broker, name } of world.machines) {
    const image = broker?.inspect()?.image;
    if (!image) continue;
    for (const [topic, { id, isDeleted, partitions, retentionMs }] of ledger) {
      const found = image.topics.get(topic);
      const expected = `${isDeleted ? 'no topic' : `${partitions} partitions of ${id}`}`;
      const isRight = isDeleted ? !found : found?.id === id && found.partitions.length === partitions;
      if (!isRight)
        report(
          'metadata',
          `${topic} on ${name}: expected ${expected}, found ${found?.partitions.length} of ${found?.id}`,
        );
      const retention = image.configs('topic', topic).get('retention.ms');
      if (!isDeleted && retentionMs !== undefined && retention !== String(retentionMs))
        report('metadata', `${topic} on ${name}: expected retention.ms ${retentionMs}, found ${retention}`);
    }
  }
}
