import type { BrokerInspection } from '../../../engine/broker/node/broker-options.ts';
import type { PartitionStatus } from '../../../engine/broker/replica/partition-status.ts';
import type { World } from '../world/world.ts';

/** One leader per partition and epoch, out of the in-sync or eligible replicas; a high watermark that never goes back. */
export class LeadershipCheck {
  readonly #world: World;
  readonly #leaders = new Map<string, number>();
  readonly #watermarks = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  look(brokerId: number, life: number, { image, partitions }: BrokerInspection): void {
    this.#forgetMoved(`${brokerId}/${life}/`, partitions);
    for (const row of partitions) {
      const key = `${row.topicId}-${row.partition}`;
      const name = `${row.topic}-${row.partition}`;
      if (row.truncationsBelowHighWatermark > 0)
        this.#world.violate('high watermark', `broker ${brokerId} has cut ${name} below its high watermark`);
      if (row.highWatermark > row.endOffset)
        this.#world.violate(
          'high watermark',
          `${name} on ${brokerId}: ${row.highWatermark} beyond its end ${row.endOffset}`,
        );
      this.#watermark(`${brokerId}/${life}/${row.hostedSinceMs}/${key}`, name, row);
      if (row.isLeader) this.#oneLeader(brokerId, `${key}/${row.leaderEpoch}`, `${name} epoch ${row.leaderEpoch}`);
    }
    for (const topic of image.topics.values())
      for (const [partition, { leader, isr, leaderEpoch }] of topic.partitions.entries()) {
        if (leader === -1) continue;
        const name = `${topic.name}-${partition}`;
        this.#oneLeader(leader, `${topic.id}-${partition}/${leaderEpoch}`, `${name} epoch ${leaderEpoch}`);
        if (!isr.includes(leader))
          this.#world.violate('leadership', `${name} is led by ${leader}, which is not in its in-sync set ${isr}`);
      }
  }

  /** A replica that was moved away begins at nothing when it comes back. */
  #forgetMoved(ofBroker: string, partitions: readonly PartitionStatus[]): void {
    const hosted = new Set(partitions.map(({ topicId, partition }) => `${ofBroker}${topicId}-${partition}`));
    for (const key of this.#watermarks.keys())
      if (key.startsWith(ofBroker) && !hosted.has(key)) this.#watermarks.delete(key);
  }

  #watermark(key: string, name: string, row: PartitionStatus): void {
    const before = this.#watermarks.get(key) ?? -1;
    if (row.highWatermark < before)
      this.#world.violate('high watermark', `${name} went from ${before} to ${row.highWatermark} (${key})`);
    this.#watermarks.set(key, row.highWatermark);
  }

  #oneLeader(brokerId: number, key: string, what: string): void {
    const known = this.#leaders.get(key) ?? brokerId;
    if (known !== brokerId) this.#world.violate('leadership', `${what} is led by ${known} and by ${brokerId}`);
    this.#leaders.set(key, known);
  }
}
