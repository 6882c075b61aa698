import type { Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import { isReservedTopicName } from '../../../protocol/system-topics.ts';
import { partitionKey } from '../partition-assignment.ts';
import { DeferredFolder } from './deferred-folder.ts';
import type { AsideKind } from './folder-names.ts';
import { asideKindOf, asideName, partitionOfFolder } from './folder-names.ts';
import { FolderRemovals } from './folder-removals.ts';
import { TopicIdFiles } from './topic-id-files.ts';

const metadataFileName = 'partition.metadata';
/** What is left of deleted topics from an earlier run stays this long after a start, in ms: Kafka's default of `file.delete.delay.ms`. */
const leftoverDelayMs = 60_000;

/** A partition folder found on disk. */
export interface FoundFolder {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
}

/** Where a partition's log is kept, and the disk to reach it by. */
export interface PreparedFolder {
  readonly folder: string;
  readonly disk: Disk;
}

/**
 * The folders of a data folder: `<topic>-<partition>`, each with `partition.metadata` naming the topic's id, made when
 * something is written into it. The folder of a topic that was deleted is renamed to `...-delete` and removed some time later; until then a hand can bring it back.
 * A folder that the metadata does not know is renamed to `...-stray` and kept: metadata can be lost, too.
 */
export class PartitionFolders {
  readonly #topicIds = new TopicIdFiles();
  readonly #disk: Disk;
  readonly #random: Random;
  readonly #dataFolder: string;
  readonly #removals: FolderRemovals;
  /** Topic ids as they were read or written, by the folder's name: a start asks for each several times. */
  readonly #known = new Map<string, string>();
  #strayCount = 0;

  constructor(options: { disk: Disk; clock: Clock; random: Random; log: Log; dataFolder: string }) {
    this.#disk = options.disk;
    this.#random = options.random;
    this.#dataFolder = options.dataFolder;
    this.#removals = new FolderRemovals(options);
  }

  /** Resolves when no file of a folder is open any more; `onProgress` hears how many are left to sync. */
  settled(onProgress: (left: number) => void): Promise<void> {
    return this.#topicIds.settled(this.#disk, onProgress);
  }

  /** Folders set aside as strays that are here now. */
  get strayCount(): number {
    return this.#strayCount;
  }

  /** Looks for what earlier runs put aside: the deleted go after a while, strays are counted. */
  start(): void {
    for (const name of this.#disk.list(this.#dataFolder)) {
      const kind = asideKindOf(name);
      if (kind === 'delete') this.#removals.add(`${this.#dataFolder}/${name}`, leftoverDelayMs);
      if (kind === 'stray') this.#strayCount++;
    }
  }

  stop(): void {
    this.#removals.stop();
  }

  /**
   * The folder for this topic id's data: as it is, or to be made with the first file in it. One without an id (from an old
   * Kafka, or put back by hand) is adopted, as Kafka does. One with another id is set aside as a stray.
   * @throws MillraceError `PARTITION_FOLDER_TAKEN`, here or with the first file: the folder belongs to the broker itself,
   * or to a topic whose name differs only in case, on a file system that does not tell them apart
   */
  prepare(topic: string, partition: number, topicId: string): PreparedFolder {
    const name = partitionKey(topic, partition);
    // The names of a client are checked elsewhere too; here a mistake there would cost the cluster its metadata.
    if (isReservedTopicName(topic))
      throw new MillraceError('PARTITION_FOLDER_TAKEN', `${name} is a folder of the broker itself`);
    const folder = `${this.#dataFolder}/${name}`;
    const found = this.topicIdOf(topic, partition);
    if (found === topicId) return { folder, disk: this.#disk };
    if (found !== undefined) {
      this.#known.delete(name);
      this.#refuseOtherCase(name);
      this.setAside(topic, partition);
    } else if (this.#disk.list(folder).length > 0) {
      this.#writeTopicId(name, topicId);
      return { folder, disk: this.#disk };
    }
    return { folder, disk: new DeferredFolder(this.#disk, () => this.#make(topic, partition, topicId)) };
  }

  #make(topic: string, partition: number, topicId: string): void {
    const name = partitionKey(topic, partition);
    const folder = `${this.#dataFolder}/${name}`;
    // The log began empty: what has come here meanwhile is not its own.
    if (this.#disk.list(folder).length > 0) {
      this.#refuseOtherCase(name);
      this.setAside(topic, partition);
    }
    this.#disk.makeFolder(folder);
    this.#writeTopicId(name, topicId);
  }

  #writeTopicId(name: string, topicId: string): void {
    this.#topicIds.write(this.#disk, `${this.#dataFolder}/${name}/${metadataFileName}`, topicId);
    this.#known.set(name, topicId);
  }

  #refuseOtherCase(name: string): void {
    if (this.#disk.list(this.#dataFolder).includes(name)) return;
    throw new MillraceError(
      'PARTITION_FOLDER_TAKEN',
      `this file system does not tell ${name} from a folder whose name differs in case only; its topic keeps the folder`,
    );
  }

  /** Renames the folder of a topic that was deleted, if it was ever made, and removes it after `delayMs`. */
  discard(topic: string, partition: number, delayMs: number): void {
    if (this.#disk.list(`${this.#dataFolder}/${partitionKey(topic, partition)}`).length === 0) return;
    const name = this.#putAside(topic, partition, 'delete');
    this.#removals.add(`${this.#dataFolder}/${name}`, delayMs);
  }

  /** Renames a folder that the metadata does not know, and keeps it. Returns its new name. */
  setAside(topic: string, partition: number): string {
    const name = this.#putAside(topic, partition, 'stray');
    this.#strayCount++;
    return name;
  }

  #putAside(topic: string, partition: number, kind: AsideKind): string {
    const own = partitionKey(topic, partition);
    const name = asideName(topic, partition, this.#random.bytes(16), kind);
    // All of them: on some file systems names that differ in case are one folder.
    this.#known.clear();
    this.#disk.rename(`${this.#dataFolder}/${own}`, `${this.#dataFolder}/${name}`);
    return name;
  }

  /** Every partition folder on disk. */
  list(): FoundFolder[] {
    const found: FoundFolder[] = [];
    for (const name of this.#disk.list(this.#dataFolder)) {
      const known = partitionOfFolder(name);
      if (known) found.push({ ...known, topicId: this.#topicIdIn(name) });
    }
    return found;
  }

  /** The topic id of the partition's folder; undefined when there is none. */
  topicIdOf(topic: string, partition: number): string | undefined {
    return this.#topicIdIn(partitionKey(topic, partition));
  }

  #topicIdIn(name: string): string | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const text = this.#disk.readFile(`${this.#dataFolder}/${name}/${metadataFileName}`)?.toString('utf8') ?? '';
    const found = /^topic_id: (\S{22})$/m.exec(text)?.[1];
    if (found !== undefined) this.#known.set(name, found);
    return found;
  }
}
