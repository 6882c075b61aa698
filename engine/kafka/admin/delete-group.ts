import { apis } from '../../protocol/api-keys.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { coordinated } from './admin-context.ts';

/** Forgets a group and its committed offsets. */
export function deleteGroup(context: AdminContext, id: string): Promise<void> {
  return coordinated(context, id, async (broker) => {
    const { results } = await context.client.request(broker, apis.deleteGroups, { groupsNames: [id] });
    const row = results[0];
    if (row && row.errorCode !== 0) throw protocolFault(row.errorCode);
  });
}
