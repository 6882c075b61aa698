import type { GroupDescription } from '../../kafka/admin.ts';
import { KafkaAdmin } from '../../kafka/admin.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../command-output.ts';
import { exitCode } from '../exit-code.ts';

function describe({ id, state, members, partitions }: GroupDescription): string {
  const clientOf = new Map(members.map((member) => [member.id, member.clientId]));
  const rows = partitions.map(({ topic, partition, committedOffset, endOffset, lag, member }) => [
    topic,
    partition,
    committedOffset ?? '-',
    endOffset,
    lag ?? '-',
    (member && clientOf.get(member)) ?? '-',
  ]);
  const table = formatTable(['TOPIC', 'PARTITION', 'COMMITTED', 'END', 'LAG', 'CLIENT'], rows);
  return `${id}  ${state}  ${members.length} members${rows.length ? `\n${table}` : ''}`;
}

export const groupDescribe: Command = {
  positionals: [{ name: 'group', isRequired: true, help: 'Its id' }],
  options: clusterOptions,
  async run(invocation) {
    const admin = new KafkaAdmin(openCluster(invocation));
    try {
      const group = await admin.describeGroup(invocation.positionals[0]!);
      invocation.output.result(group, describe(group));
      return exitCode.ok;
    } finally {
      await admin.close();
    }
  },
};
