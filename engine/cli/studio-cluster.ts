import type { ClusterHandle as SupervisedCluster } from '../broker/node/supervisor/cluster-handle.ts';
import { clusterAccessOf } from '../broker/node/supervisor/secure/client-files.ts';
import type { ClusterHandle } from '../studio/cluster-handle.ts';
import type { ClusterStatus } from '../studio/contract.ts';

type BrokerRow = ReturnType<SupervisedCluster['status']>['brokers'][number];
type ShownState = ClusterStatus['brokers'][number]['state'];

function shownState({ state, restarts }: BrokerRow): ShownState {
  switch (state) {
    case 'ready':
      return 'running';
    case 'starting':
      return restarts > 0 ? 'restarting' : 'starting';
    case 'waiting-to-restart':
      return 'restarting';
    case 'stopped':
      return 'stopped';
  }
}

export function clusterState(states: readonly ShownState[]): ClusterStatus['state'] {
  const running = states.filter((state) => state === 'running').length;
  if (running === states.length) return 'running';
  if (running > 0) return 'degraded';
  return states.includes('starting') || states.includes('restarting') ? 'starting' : 'stopped';
}

/** A cluster that this process watches over, in the terms of the studio's contract. */
export function studioCluster(cluster: SupervisedCluster, dataFolder: string): ClusterHandle {
  const listeners = new Set<() => void>();
  cluster.onChange(() => {
    for (const listener of listeners) listener();
  });
  return {
    status: () => {
      const { bootstrapServers, brokers } = cluster.status();
      const states = brokers.map(shownState);
      return {
        state: clusterState(states),
        bootstrap: bootstrapServers,
        brokers: brokers.map(({ id, host, port, pid, lastError, waitsFor }, index) => ({
          id,
          address: `${host}:${port}`,
          state: states[index]!,
          isController: false,
          pid,
          memoryBytes: null,
          reason: states[index] === 'running' ? null : (waitsFor ?? lastError),
        })),
      };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    access: () => clusterAccessOf(dataFolder),
    stop: () => cluster.stop(),
  };
}
