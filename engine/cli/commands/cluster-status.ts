import type { RemoteClusterStatus } from '../../broker/node/supervisor/cluster-control.ts';
import { clusterStatus as statusOf } from '../../broker/node/supervisor/cluster-control.ts';
import { clusterFolderOf, clusterFolderOption } from '../cluster-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

function describe({ clusterId, dataFolder, running, brokers }: RemoteClusterStatus): string {
  const head = `Cluster ${clusterId} in ${dataFolder}: ${running ? 'running' : 'stopped'}`;
  const rows = brokers.map(({ id, address, state, pid, reason }) =>
    [`  broker ${id}`, address.padEnd(21), state.padEnd(9), pid === null ? '' : `pid ${pid}`, reason ?? '']
      .join('  ')
      .trimEnd(),
  );
  return [head, ...rows].join('\n');
}

/** Exit code 1 when none runs. */
export const clusterStatus: Command = {
  positionals: [],
  options: clusterFolderOption,
  async run(invocation) {
    const dataFolder = clusterFolderOf(invocation);
    const found = await statusOf(dataFolder);
    invocation.output.result(found ?? null, found ? describe(found) : `There is no cluster in ${dataFolder}.`);
    return found?.running ? exitCode.ok : exitCode.failed;
  },
};
