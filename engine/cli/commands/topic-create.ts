import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { flagOption, numberOption, pairsOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

export const topicCreate: Command = {
  positionals: [{ name: 'topic', isRequired: true, help: 'Its name' }],
  options: {
    ...clusterOptions,
    partitions: { type: 'string', short: 'p', value: 'count', help: "Partitions; the cluster's default when left out" },
    replicas: { type: 'string', short: 'r', value: 'count', help: "Replicas; the cluster's default when left out" },
    config: { type: 'string', multiple: true, value: 'name=value', help: 'A setting such as retention.ms=3600000' },
    'if-not-exists': { type: 'boolean', help: 'Do nothing when the topic is there already' },
  },
  async run(invocation) {
    const name = invocation.positionals[0]!;
    const partitions = numberOption(invocation, 'partitions', { min: 1, max: 100_000 });
    const replicas = numberOption(invocation, 'replicas', { min: 1, max: 100 });
    const config = pairsOption(invocation, 'config');
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      if (
        flagOption(invocation, 'if-not-exists') &&
        (await admin.listTopics({ includeInternal: true })).includes(name)
      ) {
        invocation.output.result({ topic: name, created: false }, `topic "${name}" is there already`);
        return exitCode.ok;
      }
      await admin.createTopic({ name, partitions, replicas, config });
      invocation.output.result({ topic: name, created: true }, `created topic "${name}"`);
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
