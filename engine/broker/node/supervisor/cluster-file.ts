import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '../../../base/errors.ts';
import { NodeDisk } from '../../../host/node-disk.ts';
import type { BootstrapUser } from '../config/bootstrap-users.ts';

/** A process, told apart from a later one with the same id. */
export interface ProcessMark {
  readonly pid: number;
  readonly startToken: string;
}

/** `cluster.json` in the data folder: what a cluster is between its runs, and who runs it now. Readable by its user only. */
export interface ClusterFile {
  readonly formatVersion: 1;
  readonly clusterId: string;
  /** Secret that the brokers share. */
  readonly clusterKey: string;
  readonly host: string;
  readonly brokers: readonly ClusterFileBroker[];
  /** The process that watches over the brokers; null when the cluster is stopped. */
  readonly supervisor: ProcessMark | null;
  /** Where the process that watches over the brokers takes commands, on loopback. */
  readonly controlPort?: number;
  /** Its brokers want TLS and a login of everybody; the files for that lie in the folder `security`. */
  readonly isSecured?: boolean;
  /** The users that it was made with, as the metadata keep them. */
  readonly bootstrapUsers?: readonly BootstrapUser[];
  /** Brokers that did not end in order when the cluster was stopped last. */
  readonly killed?: readonly number[];
}

export interface ClusterFileBroker {
  readonly id: number;
  readonly port: number;
  /** Null when it does not run, or runs inside the supervisor. */
  readonly process: ProcessMark | null;
}

export function clusterFilePath(dataFolder: string): string {
  return join(dataFolder, 'cluster.json');
}

/**
 * The file of a data folder, or undefined when there was no cluster yet.
 * @throws MillraceError `CLUSTER_FILE_INVALID` when it cannot be understood.
 */
export function readClusterFile(dataFolder: string): ClusterFile | undefined {
  const path = clusterFilePath(dataFolder);
  if (!existsSync(path)) return undefined;
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as ClusterFile;
    if (file.formatVersion === 1 && Array.isArray(file.brokers)) return file;
    throw new Error(`expected format version 1, found ${JSON.stringify(file.formatVersion)}`);
  } catch (cause) {
    throw new MillraceError('CLUSTER_FILE_INVALID', `expected a cluster description in ${path}`, { cause });
  }
}

export function writeClusterFile(dataFolder: string, file: ClusterFile): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  new NodeDisk().writeFileAtomic(clusterFilePath(dataFolder), Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  chmodSync(clusterFilePath(dataFolder), 0o600);
}
