import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { changeWaitMsMax } from './admin-context.ts';

/** Grows a topic to `partitions` in all. */
export async function growTopic({ client }: AdminContext, name: string, partitions: number): Promise<void> {
  const answer = await client.requestController(
    apis.createPartitions,
    { topics: [{ name, count: partitions, assignments: null }], timeoutMs: changeWaitMsMax, validateOnly: false },
    { isNotController: ({ results }) => results[0]?.errorCode === errorCode.NOT_CONTROLLER },
  );
  const row = answer.results[0];
  if (row && row.errorCode !== 0) throw protocolFault(row.errorCode, row.errorMessage);
}
