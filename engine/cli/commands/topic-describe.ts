import type { TopicDescription } from '../../kafka/admin.ts';
import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../command-output.ts';
import { exitCode } from '../exit-code.ts';

function describe({ name, id, partitions, config }: TopicDescription): string {
  const settings = Object.entries(config).map(([key, value]) => `${key}=${value}`);
  const head = `${name}  id ${id}${settings.length ? `  ${settings.join(' ')}` : ''}`;
  const rows = partitions.map(({ partition, leader, replicas, isr, startOffset, endOffset }) => [
    partition,
    leader,
    replicas.join(','),
    isr.join(','),
    startOffset,
    endOffset,
  ]);
  return `${head}\n${formatTable(['PARTITION', 'LEADER', 'REPLICAS', 'ISR', 'START', 'END'], rows)}`;
}

export const topicDescribe: Command = {
  positionals: [{ name: 'topic', isRequired: true, help: 'Its name' }],
  options: clusterOptions,
  async run(invocation) {
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      const topic = await admin.describeTopic(invocation.positionals[0]!);
      invocation.output.result(topic, describe(topic));
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
