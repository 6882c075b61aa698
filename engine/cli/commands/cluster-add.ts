import { askSupervisor } from '../../broker/node/supervisor/ask-supervisor.ts';
import { clusterFolderOf, clusterFolderOption } from '../cluster-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** Exit code 1 when no cluster runs, or when the broker did not become ready. */
export const clusterAdd: Command = {
  positionals: [],
  options: clusterFolderOption,
  async run(invocation) {
    const { output } = invocation;
    const dataFolder = clusterFolderOf(invocation);
    const answer = await askSupervisor(dataFolder, { command: 'add' }, (text) => output.note(text));
    const brokerId = answer?.brokerId ?? null;
    output.result(
      { brokerId },
      answer ? `Broker ${brokerId} is part of the cluster.` : `No cluster runs in ${dataFolder}.`,
    );
    return answer ? exitCode.ok : exitCode.failed;
  },
};
