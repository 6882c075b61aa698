import type { Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import type { Random } from '../../../base/random.ts';
import { partitionKey } from '../partition-assignment.ts';
import { TopicIdFiles } from './topic-id-files.ts';

const metadataFileName = 'partition.metadata';
const deleteSuffix = '-delete';
/** Longest folder name that file systems take, in bytes. */
const folderNameMax = 255;

/** A partition folder found on disk. */
export interface FoundFolder {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
}

/**
 * The folders of a data folder: `<topic>-<partition>`, each with `partition.metadata` naming the topic's id. A folder
 * whose id is not the topic's belongs to a deleted topic of the same name: it is renamed at once, so that the new topic
 * starts empty, and removed after that.
 */
export class PartitionFolders {
  readonly #topicIds = new TopicIdFiles();
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #dataFolder: string;

  constructor(options: { disk: Disk; clock: Clock; random: Random; dataFolder: string }) {
    this.#disk = options.disk;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#dataFolder = options.dataFolder;
  }

  /** The folder for this topic id's data: as it is, or new and empty. One without an id (from an old Kafka) is adopted, as Kafka does. */
  prepare(topic: string, partition: number, topicId: string): string {
    const folder = `${this.#dataFolder}/${partitionKey(topic, partition)}`;
    const found = this.topicIdOf(topic, partition);
    if (found === topicId) return folder;
    if (found !== undefined) this.discard(topic, partition);
    this.#disk.makeFolder(folder);
    this.#topicIds.write(this.#disk, `${folder}/${metadataFileName}`, topicId);
    return folder;
  }

  /** Puts a partition's folder aside under a name that no topic can have, and removes it soon. */
  discard(topic: string, partition: number): void {
    const key = partitionKey(topic, partition);
    const suffix = `.${Buffer.from(this.#random.bytes(16)).toString('hex')}${deleteSuffix}`;
    const aside = `${this.#dataFolder}/${key.slice(0, folderNameMax - suffix.length)}${suffix}`;
    this.#disk.rename(`${this.#dataFolder}/${key}`, aside);
    this.#clock.soon(() => this.#disk.remove(aside));
  }

  /** Removes what a crash left half deleted. */
  removeLeftovers(): void {
    for (const name of this.#disk.list(this.#dataFolder))
      if (name.endsWith(deleteSuffix)) this.#disk.remove(`${this.#dataFolder}/${name}`);
  }

  /** Every partition folder on disk. */
  list(): FoundFolder[] {
    const found: FoundFolder[] = [];
    for (const name of this.#disk.list(this.#dataFolder)) {
      const match = /^(.+)-(\d+)$/.exec(name);
      if (!match?.[1]) continue;
      const topicId = this.#topicIdIn(`${this.#dataFolder}/${name}`);
      found.push({ topic: match[1], partition: Number(match[2]), topicId });
    }
    return found;
  }

  /** The topic id of the partition's folder; undefined when there is none. */
  topicIdOf(topic: string, partition: number): string | undefined {
    return this.#topicIdIn(`${this.#dataFolder}/${partitionKey(topic, partition)}`);
  }

  #topicIdIn(folder: string): string | undefined {
    const text = this.#disk.readFile(`${folder}/${metadataFileName}`)?.toString('utf8') ?? '';
    return /^topic_id: (\S{22})$/m.exec(text)?.[1];
  }
}
