import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../command-output.ts';
import { exitCode } from '../exit-code.ts';

export const groupList: Command = {
  positionals: [],
  options: clusterOptions,
  async run(invocation) {
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      const groups = await admin.listGroups();
      const rows = groups.map(({ id, state }) => [id, state]);
      invocation.output.result(groups, groups.length ? formatTable(['GROUP', 'STATE'], rows) : 'no groups');
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
