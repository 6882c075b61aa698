import type { TopicSummary } from '../../../engine/studio/contract.ts';
import { countOf, formatBytes } from '../../kit/format-number.ts';

/** Bytes of a topic on disk, with the number of replicas that they are counted over: one message of 5 MB takes 15 MB on three. */
export function sizeOnDisk({ sizeBytes, partitions }: TopicSummary): string {
  const replicas = Math.max(0, ...partitions.map((partition) => partition.replicas.length));
  const size = formatBytes(sizeBytes ?? 0);
  return replicas > 1 ? `${size} on ${countOf(replicas, 'replica')}` : size;
}
