import { listGroupsRequest, listGroupsResponse } from '../../../protocol/schemas/16-list-groups.ts';
import { clusterName } from '../../security/resource.ts';
import { defineHandler } from '../handler.ts';

/*
 * ListGroups 0-5.
 * - The groups that this broker coordinates; a client asks every broker. 4: filter by state (KIP-518). 5: by type (KIP-848):
 *   classic or consumer. Filters ignore case, as Kafka's do.
 * - Those that who asks may DESCRIBE; all with DESCRIBE on the cluster.
 */

export const listGroupsHandler = defineHandler(listGroupsRequest, listGroupsResponse, {
  needs: ['groups'],
  handle: ({ statesFilter, typesFilter }, context, services) => {
    const { errorCode, groups } = services.groups.list();
    const states = new Set(statesFilter.map((state) => state.toLowerCase()));
    const types = new Set(typesFilter.map((type) => type.toLowerCase()));
    const seesAll = context.authorize('describe', 'cluster', clusterName);
    const shown = groups.filter(
      (group) =>
        (states.size === 0 || states.has(group.phase.toLowerCase())) &&
        (types.size === 0 || types.has(group.type)) &&
        (seesAll || context.authorize('describe', 'group', group.groupId)),
    );
    return {
      errorCode,
      groups: shown.map((group) => ({
        groupId: group.groupId,
        protocolType: group.protocolType ?? '',
        groupState: group.phase,
        groupType: group.type,
      })),
    };
  },
});
