import type { Disk } from '../../base/disk.ts';
import { MillraceError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { uuidFromRandom } from '../../protocol/uuid.ts';

/** Kafka's names, so that its tools recognise the folder. */
const propertiesName = 'meta.properties';
const cleanShutdownName = '.kafka_cleanshutdown';

export interface DataFolderOwner {
  readonly brokerId: number;
  readonly clusterId: string;
}

export interface OpenedDataFolder {
  /** Names this folder for as long as it lives (KIP-858): another one on the same path is another folder. */
  readonly directoryId: string;
  /** Broker epoch of the last run when it ended in order, -1 when it did not (or there was none). */
  readonly cleanBrokerEpoch: number;
  /** A start since then that asked to be registered and opened no log; undefined when there was none. */
  readonly untouchedStart: UntouchedStart | undefined;
}

/**
 * A start after an ordered end that has asked a controller to register it. Until it opens its logs, the next start is the
 * same one for the controller: nobody can tell whether the request arrived, and the data are as they were.
 */
export interface UntouchedStart {
  readonly incarnationId: string;
  /** `host:port` that it asked to be registered with. */
  readonly address: string;
}

/**
 * Opens a broker's data folder, new or used. The mark of a clean shutdown stays until `forgetCleanShutdown`.
 * @throws MillraceError `DATA_FOLDER_FOREIGN` when the folder belongs to another broker or cluster, and `DISK_*`
 */
export function openDataFolder(
  disk: Disk,
  folder: string,
  random: Random,
  { brokerId, clusterId }: DataFolderOwner,
): OpenedDataFolder {
  disk.makeFolder(folder);
  const path = `${folder}/${propertiesName}`;
  const known = readProperties(disk.readFile(path));
  if (known.size > 0) {
    expectSame(folder, 'cluster', known.get('cluster.id'), clusterId);
    expectSame(folder, 'broker', known.get('node.id'), String(brokerId));
  }
  const directoryId = known.get('directory.id') ?? uuidFromRandom(random.bytes(16));
  if (!known.has('directory.id')) {
    const lines = ['version=1', `cluster.id=${clusterId}`, `node.id=${brokerId}`, `directory.id=${directoryId}`];
    disk.writeFileAtomic(path, Buffer.from(`${lines.join('\n')}\n`));
  }
  return { directoryId, ...readCleanShutdown(disk, `${folder}/${cleanShutdownName}`) };
}

/** Leaves the mark of a clean shutdown: everything is on disk, logs need no recovery. */
export function markCleanShutdown(disk: Disk, folder: string, brokerEpoch: number): void {
  disk.writeFileAtomic(`${folder}/${cleanShutdownName}`, Buffer.from(JSON.stringify({ version: 0, brokerEpoch })));
}

/** Adds to the mark of a clean shutdown that a start is about to register. */
export function noteUntouchedStart(disk: Disk, folder: string, brokerEpoch: number, start: UntouchedStart): void {
  const mark = { version: 0, brokerEpoch, untouchedStart: start };
  disk.writeFileAtomic(`${folder}/${cleanShutdownName}`, Buffer.from(JSON.stringify(mark)));
}

/**
 * Takes the mark away, before the first log is opened: from then on only an ordered stop is a clean one. A broker that ends
 * sooner, because no controller answered, has touched nothing, and its next start is as clean as this one.
 */
export function forgetCleanShutdown(disk: Disk, folder: string): void {
  const path = `${folder}/${cleanShutdownName}`;
  if (!disk.readFile(path)) return;
  // A removal may be undone by a power cut; what stands in the mark then must not call the logs clean.
  disk.writeFileAtomic(path, Buffer.from('{}'));
  disk.remove(path);
}

type CleanShutdown = Pick<OpenedDataFolder, 'cleanBrokerEpoch' | 'untouchedStart'>;

function readCleanShutdown(disk: Disk, path: string): CleanShutdown {
  const unclean: CleanShutdown = { cleanBrokerEpoch: -1, untouchedStart: undefined };
  const content = disk.readFile(path);
  if (!content) return unclean;
  try {
    const mark = JSON.parse(content.toString()) as { brokerEpoch?: unknown; untouchedStart?: Partial<UntouchedStart> };
    if (typeof mark.brokerEpoch !== 'number') return unclean;
    const { incarnationId, address } = mark.untouchedStart ?? {};
    const isWhole = typeof incarnationId === 'string' && typeof address === 'string';
    return {
      cleanBrokerEpoch: mark.brokerEpoch,
      untouchedStart: isWhole ? { incarnationId, address } : undefined,
    };
  } catch {
    return unclean;
  }
}

function readProperties(content: Buffer | undefined): ReadonlyMap<string, string> {
  const lines = content?.toString().split('\n') ?? [];
  const pairs = lines.filter((line) => /^[^#=]+=/.test(line)).map((line) => line.split(/=(.*)/, 2) as [string, string]);
  return new Map(pairs);
}

function expectSame(folder: string, what: string, found: string | undefined, expected: string): void {
  if (found === undefined || found === expected) return;
  throw new MillraceError(
    'DATA_FOLDER_FOREIGN',
    `expected the data of ${what} ${expected} in ${folder}, found that of ${what} ${found}`,
    { details: { folder, expected, found } },
  );
}
