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
  return { directoryId, cleanBrokerEpoch: readCleanShutdown(disk, `${folder}/${cleanShutdownName}`) };
}

/** Leaves the mark of a clean shutdown: everything is on disk, logs need no recovery. */
export function markCleanShutdown(disk: Disk, folder: string, brokerEpoch: number): void {
  disk.writeFileAtomic(`${folder}/${cleanShutdownName}`, Buffer.from(JSON.stringify({ version: 0, brokerEpoch })));
}

/**
 * Takes the mark away, before the first log is opened: from then on only an ordered stop is a clean one. A broker that ends
 * sooner, because no controller answered, has touched nothing, and its next start is as clean as this one.
 */
export function forgetCleanShutdown(disk: Disk, folder: string): void {
  disk.remove(`${folder}/${cleanShutdownName}`);
}

function readCleanShutdown(disk: Disk, path: string): number {
  const content = disk.readFile(path);
  if (!content) return -1;
  try {
    const { brokerEpoch } = JSON.parse(content.toString()) as { brokerEpoch?: unknown };
    return typeof brokerEpoch === 'number' ? brokerEpoch : -1;
  } catch {
    return -1;
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
