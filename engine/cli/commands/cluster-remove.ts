import { askSupervisor } from '../../broker/node/supervisor/ask-supervisor.ts';
import { readClusterFile } from '../../broker/node/supervisor/cluster-file.ts';
import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterFolderOf, clusterFolderOption } from '../cluster-folder.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** Moves away what the broker holds, ends it and forgets it. Exit code 1 when no cluster with that broker runs. */
export const clusterRemove: Command = {
  positionals: [{ name: 'broker', isRequired: true, help: 'Its id' }],
  options: { ...clusterOptions, ...clusterFolderOption },
  async run(invocation) {
    const { output, positionals } = invocation;
    const brokerId = Number(positionals[0]);
    if (!Number.isInteger(brokerId)) throw new UsageError(`expected the id of a broker, found "${positionals[0]}"`);
    const dataFolder = clusterFolderOf(invocation);
    const brokers = readClusterFile(dataFolder)?.brokers ?? [];
    if (!brokers.some(({ id }) => id === brokerId) || brokers.length === 1) {
      output.result({ removed: false }, `No cluster with broker ${brokerId} and others is in ${dataFolder}.`);
      return exitCode.failed;
    }
    const note = (text: string) => output.note(text);
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      await admin.drainBroker(brokerId, note);
      const answer = await askSupervisor(dataFolder, { command: 'remove', brokerId }, note);
      if (answer) await admin.unregisterBroker(brokerId);
      output.result(
        { removed: answer !== undefined },
        answer ? `Broker ${brokerId} is no part of the cluster any more.` : `No cluster runs in ${dataFolder}.`,
      );
      return answer ? exitCode.ok : exitCode.failed;
    } finally {
      await admin.close();
    }
  },
};
