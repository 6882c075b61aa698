import type { PartitionSummary } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { formatCount } from '../../kit/format-number.ts';

/** Leader, replicas, ISR and offsets of each partition. */
export function PartitionTable({ partitions }: { readonly partitions: readonly PartitionSummary[] }) {
  return (
    <div className="partition-table">
      <table>
        <thead>
          <tr>
            <th>Partition</th>
            <th>Leader</th>
            <th>Replicas</th>
            <th>In sync (ISR)</th>
            <th className="is-number">First offset</th>
            <th className="is-number">End offset</th>
            <th className="is-number">Messages</th>
          </tr>
        </thead>
        <tbody>
          {partitions.map((partition) => (
            <PartitionRow key={partition.partition} partition={partition} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PartitionRow({ partition: each }: { readonly partition: PartitionSummary }) {
  const { partition, leader, replicas, isr, startOffset, endOffset } = each;
  const missing = replicas.filter((broker) => !isr.includes(broker));
  return (
    <tr>
      <td>{partition}</td>
      <td>{leader < 0 ? <Badge tone="danger">none</Badge> : `Broker ${leader}`}</td>
      <td>{replicas.join(', ')}</td>
      <td>
        {isr.join(', ')}
        {missing.length === 0 ? null : (
          <span title={`Not in sync: broker ${missing.join(', ')}`}>
            {' '}
            <Badge tone="warning">
              {isr.length} of {replicas.length}
            </Badge>
          </span>
        )}
      </td>
      <td className="is-number">{startOffset === null ? '?' : formatCount(startOffset)}</td>
      <td className="is-number">{endOffset === null ? '?' : formatCount(endOffset)}</td>
      <td className="is-number">
        {startOffset === null || endOffset === null ? '?' : formatCount(endOffset - startOffset)}
      </td>
    </tr>
  );
}
