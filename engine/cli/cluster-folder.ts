import { resolve } from 'node:path';
import { readClusterFile } from '../broker/node/supervisor/cluster-file.ts';
import { userClusterFolder } from '../host/user-folder.ts';
import type { Command, Invocation } from './command.ts';
import { UsageError } from './command.ts';
import { numberOption, textOption } from './command-values.ts';

/** Brokers of a cluster that is made new; an even number survives no more failures than the odd one below it. */
const brokerCounts: readonly number[] = [1, 3, 5];
const brokersStandard = 3;

/** Tried first for a new cluster: where Kafka's users look, with room between brokers. */
export const preferredPorts: readonly number[] = [9_092, 9_094, 9_096, 9_098, 9_100];

/** Where the cluster lives. */
export const clusterFolderOption: Command['options'] = {
  data: {
    type: 'string',
    value: 'folder',
    help: 'Where the cluster lives; the folder cluster in ~/.millrace by default',
  },
};

/** How many brokers a new cluster gets. */
export const brokersOption: Command['options'] = {
  brokers: { type: 'string', value: 'count', help: 'Brokers of a new cluster: 1, 3 or 5; 3 by default' },
};

/** The folder that `--data` names, else the one of this user's own cluster. */
export function clusterFolderOf(invocation: Invocation): string {
  return resolve(textOption(invocation, 'data') ?? userClusterFolder(invocation.environment));
}

/** `--brokers`, else as many as the cluster in the folder has, else 3. Throws UsageError. */
export function brokersOf(invocation: Invocation, dataFolder: string): number {
  const known = readClusterFile(dataFolder)?.brokers.length;
  const count = numberOption(invocation, 'brokers', { min: 1, max: 9 });
  if (count === undefined) return known ?? brokersStandard;
  if (count !== known && !brokerCounts.includes(count))
    throw new UsageError(`--brokers: expected 1, 3 or 5, found ${count}`);
  return count;
}
