import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { changeWaitMsMax, retried } from './admin-context.ts';
import type { TopicToCreate } from './descriptions.ts';

/**
 * Creates a topic. A request that is repeated because its answer was lost finds the topic of the first try: that is a success
 * when it was not there before. A broker may still list a topic that was just deleted, so only the controller's refusal counts.
 */
export async function createTopic(
  context: AdminContext,
  { name, partitions, replicas, config }: TopicToCreate,
): Promise<void> {
  const { client } = context;
  const known = await client.metadata.require([name], { fresh: true });
  const wasListed = !(known.get(name) instanceof Error);
  let requests = 0;
  const topic = {
    name,
    numPartitions: partitions ?? -1,
    replicationFactor: replicas ?? -1,
    assignments: [],
    configs: Object.entries(config ?? {}).map(([key, value]) => ({ name: key, value })),
  };
  const body = () => {
    requests++;
    return { topics: [topic], timeoutMs: changeWaitMsMax };
  };
  await retried(context, async () => {
    const answer = await client.requestController(apis.createTopics, body, {
      isNotController: ({ topics }) => topics[0]?.errorCode === errorCode.NOT_CONTROLLER,
    });
    const row = answer.topics[0];
    const isOurs = row?.errorCode === errorCode.TOPIC_ALREADY_EXISTS && requests > 1 && !wasListed;
    if (row && row.errorCode !== 0 && !isOurs) throw protocolFault(row.errorCode, row.errorMessage);
  });
}
