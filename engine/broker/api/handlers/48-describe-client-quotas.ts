import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../../protocol/schemas/48-describe-client-quotas.ts';
import { entityParts } from '../../controller/quotas/quotas-delta.ts';
import { clusterRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';
import { matchingQuotas } from '../quotas/matching-quotas.ts';

/*
 * DescribeClientQuotas 0-1 (KIP-546): answered from this broker's metadata.
 * - Users, client ids and addresses; a filter of parts, strict or not. What is wrong with the filter is said for the whole
 *   response, with no entries.
 */
export const describeClientQuotasHandler = defineHandler(describeClientQuotasRequest, describeClientQuotasResponse, {
  needs: ['quorum'],
  right: clusterRight('describeConfigs'),
  refuse: (_request, errorCode) => ({ errorCode, errorMessage: null, entries: null }),
  handle: (request, _context, { quorum }) => {
    const found = matchingQuotas(quorum.image.subjects.quotas, request);
    if (!found.ok) return { errorCode: found.error.code, errorMessage: found.error.message, entries: null };
    const entries = found.value.map(({ entity, values }) => ({
      entity: entityParts(entity),
      values: [...values].map(([key, value]) => ({ key, value })),
    }));
    return { errorCode: 0, errorMessage: '', entries };
  },
});
