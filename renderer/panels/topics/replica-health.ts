import type { TopicSummary } from '../../../engine/studio/contract.ts';

/** How well a topic's partitions are kept. Words as in Apache Kafka: offline = no leader, under-replicated = ISR smaller than replicas. */
export interface ReplicaHealth {
  readonly problem: 'offline' | 'under-replicated' | undefined;
  readonly label: string;
  readonly explanation: string;
}

/** Looks at all partitions; the worst decides. */
export function replicaHealth({ partitions }: Pick<TopicSummary, 'partitions'>): ReplicaHealth {
  const offline = partitions.filter(({ leader }) => leader < 0);
  if (offline.length > 0) {
    const explanation = `No leader: ${listOf(offline)}. Nothing can be read from or written to them.`;
    return { problem: 'offline', label: `${offline.length} offline`, explanation };
  }
  const under = partitions.filter(({ isr, replicas }) => isr.length < replicas.length);
  if (under.length === 0) return { problem: undefined, label: 'in sync', explanation: 'All replicas are in sync.' };
  const explanation = `Fewer replicas in sync than there should be: ${listOf(under)}. They catch up by themselves once their brokers are back.`;
  return { problem: 'under-replicated', label: `${under.length} under-replicated`, explanation };
}

function listOf(partitions: TopicSummary['partitions']): string {
  const numbers = partitions.slice(0, 8).map(({ partition }) => partition);
  return `partition ${numbers.join(', ')}${partitions.length > 8 ? ` and ${partitions.length - 8} more` : ''}`;
}
