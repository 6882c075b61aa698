import type { Partition } from '../partition.ts';

/** The partitions hosted here, by topic name and by topic id. */
export class PartitionTable {
  readonly #byName = new Map<string, Map<number, Partition>>();
  readonly #byId = new Map<string, Map<number, Partition>>();
  readonly #all = new Set<Partition>();

  get size(): number {
    return this.#all.size;
  }

  byName(topic: string, partition: number): Partition | undefined {
    return this.#byName.get(topic)?.get(partition);
  }

  byId(topicId: string, partition: number): Partition | undefined {
    return this.#byId.get(topicId)?.get(partition);
  }

  add(partition: Partition): void {
    put(this.#byName, partition.topic, partition);
    put(this.#byId, partition.topicId, partition);
    this.#all.add(partition);
  }

  delete(partition: Partition): void {
    take(this.#byName, partition.topic, partition);
    take(this.#byId, partition.topicId, partition);
    this.#all.delete(partition);
  }

  /** In order of arrival. */
  [Symbol.iterator](): Iterator<Partition> {
    return this.#all.values();
  }
}

function put(map: Map<string, Map<number, Partition>>, name: string, partition: Partition): void {
  const partitions = map.get(name);
  if (partitions) partitions.set(partition.partition, partition);
  else map.set(name, new Map([[partition.partition, partition]]));
}

function take(map: Map<string, Map<number, Partition>>, name: string, partition: Partition): void {
  const partitions = map.get(name);
  partitions?.delete(partition.partition);
  if (partitions?.size === 0) map.delete(name);
}
