import { stopCluster } from '../../broker/node/supervisor/cluster-control.ts';
import { clusterFolderOf, clusterFolderOption } from '../cluster-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** Exit code 1 when none runs, or when a broker had to be killed. */
export const clusterStop: Command = {
  positionals: [],
  options: clusterFolderOption,
  async run(invocation) {
    const { output } = invocation;
    const dataFolder = clusterFolderOf(invocation);
    const stopped = await stopCluster(dataFolder, (text) => output.note(text));
    output.result({ stopped }, stopped ? 'The cluster has stopped.' : `No cluster runs in ${dataFolder}.`);
    return stopped ? exitCode.ok : exitCode.failed;
  },
};
