import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

export const topicDelete: Command = {
  positionals: [{ name: 'topic', isRequired: true, help: 'Its name' }],
  options: clusterOptions,
  async run(invocation) {
    const name = invocation.positionals[0]!;
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      await admin.deleteTopic(name);
      invocation.output.result({ topic: name, deleted: true }, `deleted topic "${name}"`);
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
