import type { MetadataImage } from '../../../engine/broker/controller/metadata-image.ts';
import type { World } from '../world/world.ts';

/** Metadata: brokers agree on it at every offset, apply it in order, and a topic's id never changes under its name. */
export class ImageAgreement {
  readonly #world: World;
  /** Content by offset, as first seen. */
  readonly #contents = new Map<number, string>();
  readonly #last = new Map<string, MetadataImage>();

  constructor(world: World) {
    this.#world = world;
  }

  look(brokerId: number, life: number, image: MetadataImage): void {
    const key = `${brokerId}/${life}`;
    const before = this.#last.get(key);
    if (before === image || image.offset === -1) return;
    this.#last.set(key, image);
    if (before && image.offset < before.offset)
      this.#world.violate('metadata', `broker ${brokerId} went back from offset ${before.offset} to ${image.offset}`);
    const content = contentOf(image);
    const known = this.#contents.get(image.offset) ?? content;
    if (known !== content)
      this.#world.violate(
        'metadata',
        `broker ${brokerId} has other metadata at ${image.offset} than another one: ${content} instead of ${known}`,
      );
    this.#contents.set(image.offset, known);
    if (before) this.#checkPartitions(before, image);
  }

  /** Epochs of partitions only grow while the topic lives. */
  #checkPartitions(before: MetadataImage, after: MetadataImage): void {
    for (const [id, topic] of before.topicsById) {
      const now = after.topicsById.get(id);
      for (const [partition, was] of topic.partitions.entries()) {
        const is = now?.partitions[partition];
        if (now && (!is || is.leaderEpoch < was.leaderEpoch || is.partitionEpoch < was.partitionEpoch))
          this.#world.violate('metadata', `${topic.name}-${partition} went back: ${JSON.stringify([was, is])}`);
      }
    }
  }
}

/** The same text for the same content, whatever order it was built in. */
function contentOf({ subjects, topics }: MetadataImage): string {
  return JSON.stringify({ ...subjects, topics }, (_key, value: unknown) => {
    if (value instanceof Map) return [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
