import { restartCluster } from '../../broker/node/supervisor/restart-cluster.ts';
import { clusterFolderOf, clusterFolderOption } from '../cluster-folder.ts';
import type { Command } from '../command.ts';
import { flagOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

/** Exit code 1 when none runs, or when it could not be done; brokers that come later are then left as they were. */
export const clusterRestart: Command = {
  positionals: [],
  options: {
    ...clusterFolderOption,
    rolling: {
      type: 'boolean',
      help: 'One broker after the other, each when all replicas are in sync: clients notice nothing. Without it all at once',
    },
  },
  async run(invocation) {
    const { output } = invocation;
    const dataFolder = clusterFolderOf(invocation);
    const isRolling = flagOption(invocation, 'rolling');
    const restarted = await restartCluster(dataFolder, isRolling, (text) => output.note(text));
    output.result({ restarted }, restarted ? 'All brokers have been restarted.' : `No cluster runs in ${dataFolder}.`);
    return restarted ? exitCode.ok : exitCode.failed;
  },
};
