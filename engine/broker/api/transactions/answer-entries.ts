import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { EntryQuestion } from '../../txn/entry/transaction-entry.ts';
import type { PartitionOutcome } from '../../txn/transaction.ts';
import type { TransactionCoordinator } from '../../txn/transaction-coordinator.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';

/** First version of transactions whose partitions join by what is written to them (KIP-890). */
const entryVersion = 2;

/**
 * The coordinator's answer to a leader: whether partitions are in a producer's open transaction, or that they have joined it. A
 * partition that nobody knows joins nothing, and nor do the others of the question then.
 */
export async function answerEntries(
  coordinator: TransactionCoordinator,
  view: ClusterView,
  question: EntryQuestion,
): Promise<readonly PartitionOutcome[]> {
  const { transactionalId, partitions, adds } = question;
  const rows = [...partitions].flatMap(([topic, indexes]) => indexes.map((partition) => ({ topic, partition })));
  if (!adds)
    return rows.map((row) => ({ ...row, code: coordinator.verify(transactionalId, question, row.topic, row.partition) }));
  const isUnknown = ({ topic, partition }: (typeof rows)[number]) => !view.topics.get(topic)?.partitions[partition];
  if (rows.some(isUnknown)) return rows.map((row) => ({ ...row, code: refusalOf(isUnknown(row)) }));
  const code = await coordinator.addPartitions(transactionalId, question, partitions, entryVersion);
  return rows.map((row) => ({ ...row, code }));
}

function refusalOf(isUnknown: boolean): ErrorCode {
  return isUnknown ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : errorCode.OPERATION_NOT_ATTEMPTED;
}
