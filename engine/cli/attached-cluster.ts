import type { Clock } from '../base/clock.ts';
import type { RemoteBrokerRow } from '../broker/node/supervisor/cluster-control.ts';
import { clusterStatus } from '../broker/node/supervisor/cluster-control.ts';
import { clusterAccessOf } from '../broker/node/supervisor/secure/client-files.ts';
import type { KafkaAdmin } from '../kafka/admin.ts';
import type { ClusterHandle } from '../studio/cluster-handle.ts';
import { noCluster } from '../studio/cluster-handle.ts';
import type { ClusterStatus } from '../studio/contract.ts';
import { clusterState } from './studio-cluster.ts';

/** Pause between two looks at a cluster that another process watches over. */
const lookEveryMs = 2_000;

/** How the cluster is now; undefined while there is none. */
type Look = () => Promise<ClusterStatus | undefined>;

const remoteStates = { ready: 'running', 'not ready': 'starting', down: 'stopped' } as const satisfies Record<
  RemoteBrokerRow['state'],
  ClusterStatus['brokers'][number]['state']
>;

/** A cluster that somebody else started, in the terms of the studio's contract: looked at every few seconds, never stopped from here. */
async function attached(look: Look, clock: Clock, access?: ClusterHandle['access']): Promise<ClusterHandle> {
  const listeners = new Set<() => void>();
  let status = (await look()) ?? noCluster;
  let isOver = false;
  let cancel = () => {};
  const again = async (): Promise<void> => {
    const next = (await look().catch(() => undefined)) ?? gone(status);
    if (isOver) return;
    status = next;
    for (const listener of listeners) listener();
    cancel = clock.after(lookEveryMs, () => void again());
  };
  cancel = clock.after(lookEveryMs, () => void again());
  return {
    status: () => status,
    ...(access && { access }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      isOver = true;
      cancel();
    },
  };
}

/** Its address stays: the cluster comes back on the ports it had. */
function gone({ bootstrap }: ClusterStatus): ClusterStatus {
  return bootstrap === null ? noCluster : { state: 'stopped', bootstrap, brokers: [] };
}

/** The cluster in a data folder, whoever runs it; one that is started later is found by itself. */
export function clusterInFolder(dataFolder: string, clock: Clock): Promise<ClusterHandle> {
  return attached(
    async () => {
      const found = await clusterStatus(dataFolder);
      if (!found?.running) return undefined;
      const brokers = found.brokers.map(({ id, address, state, pid, reason }) => ({
        id,
        address,
        state: remoteStates[state],
        isController: false,
        pid,
        memoryBytes: null,
        reason,
      }));
      return { state: clusterState(brokers.map(({ state }) => state)), bootstrap: found.bootstrapServers, brokers };
    },
    clock,
    () => clusterAccessOf(dataFolder),
  );
}

/** A bundled cluster that is known by its address only. */
export function clusterAt(bootstrap: string, admin: KafkaAdmin, clock: Clock): Promise<ClusterHandle> {
  return attached(async () => {
    try {
      const { brokers } = await admin.describeCluster();
      const rows = brokers.map(({ id, address }) => ({
        id,
        address,
        state: 'running' as const,
        isController: false,
        pid: null,
        memoryBytes: null,
        reason: null,
      }));
      return { state: 'running', bootstrap, brokers: rows };
    } catch {
      return { state: 'stopped', bootstrap, brokers: [] };
    }
  }, clock);
}
