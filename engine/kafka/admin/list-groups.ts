import { apis } from '../../protocol/api-keys.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { onEveryBroker, retried } from './admin-context.ts';
import type { GroupSummary } from './descriptions.ts';

/** The groups of every coordinator, sorted by id. */
export async function listGroups(context: AdminContext): Promise<GroupSummary[]> {
  await context.client.metadata.require([], { fresh: true });
  const answers = await onEveryBroker(context, (broker) =>
    retried(context, async () => {
      const answer = await context.client.request(broker, apis.listGroups, {});
      if (answer.errorCode !== 0) throw protocolFault(answer.errorCode);
      return answer.groups;
    }),
  );
  return answers
    .flat()
    .map(({ groupId, groupState, protocolType }) => ({ id: groupId, state: groupState || 'Unknown', protocolType }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
