import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { changeWaitMsMax, retried } from './admin-context.ts';

/** Deletes a topic. A repeated request whose first try was carried out finds nothing: that is a success too. */
export async function deleteTopic(context: AdminContext, name: string): Promise<void> {
  let requests = 0;
  const body = () => {
    requests++;
    return { topics: [{ name }], topicNames: [name], timeoutMs: changeWaitMsMax };
  };
  await retried(context, async () => {
    const answer = await context.client.requestController(apis.deleteTopics, body, {
      isNotController: ({ responses }) => responses[0]?.errorCode === errorCode.NOT_CONTROLLER,
    });
    const row = answer.responses[0];
    if (!row || row.errorCode === 0) return;
    if (row.errorCode !== errorCode.UNKNOWN_TOPIC_OR_PARTITION) throw protocolFault(row.errorCode, row.errorMessage);
    if (requests > 1) return;
    throw new WireFault('KAFKA_UNKNOWN_TOPIC', `topic "${name}" does not exist`);
  });
}
