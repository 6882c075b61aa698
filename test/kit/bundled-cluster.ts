import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterHandle } from '../../engine/broker/node/supervisor/cluster-handle.ts';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';

export interface BundledCluster {
  readonly handle: ClusterHandle;
  readonly bootstrap: string;
  readonly dataFolder: string;
  /** Stops the brokers and removes their data. */
  stop(): Promise<void>;
}

/** Starts brokers of ours as processes, in a new folder, and waits until they are ready. */
export async function startBundledCluster(
  brokers: number,
  settings: Readonly<Record<string, string | number | boolean>> = {},
): Promise<BundledCluster> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'bundled-'));
  const handle = await startCluster({ brokers, dataFolder, settings });
  const stop = async () => {
    await handle.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    await handle.ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { handle, dataFolder, bootstrap: handle.status().bootstrapServers, stop };
}
