import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { flagOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

export const topicList: Command = {
  positionals: [],
  options: { ...clusterOptions, internal: { type: 'boolean', help: 'Internal topics too' } },
  async run(invocation) {
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      const topics = await admin.listTopics({ includeInternal: flagOption(invocation, 'internal') });
      invocation.output.result(topics, topics.join('\n'));
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
