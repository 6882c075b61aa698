import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DeleteAclsRequest, deleteAclsResponse } from '../../../protocol/schemas/31-delete-acls.ts';
import { matchesFilter } from '../../security/acl-filter.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { newRemoveAcl } from '../new-record.ts';

type Reply = MessageInput<typeof deleteAclsResponse>;

/** Removes the rules that filters mean (KIP-140): a row for each filter, with the rules that went because of it. None is fine. */
export function planDeleteAcls({ image }: ControllerView, { filters }: DeleteAclsRequest): Plan<Reply> {
  const left = new Map(image.subjects.acls);
  const removed: string[] = [];
  const filterResults = filters.map((filter) => {
    const matching = [...left].filter(([, acl]) => matchesFilter(acl, filter));
    if (removed.length + matching.length > recordsPerCommandMax)
      return {
        errorCode: errorCode.POLICY_VIOLATION,
        errorMessage: `Unable to perform excessively large batch operation: more than ${recordsPerCommandMax} records.`,
        matchingAcls: [],
      };
    for (const [id] of matching) left.delete(id);
    removed.push(...matching.map(([id]) => id));
    const matchingAcls = matching.map(([, acl]) => ({ errorCode: errorCode.NONE, errorMessage: null, ...acl }));
    return { errorCode: errorCode.NONE, errorMessage: null, matchingAcls };
  });
  return { records: removed.map(newRemoveAcl), reply: { filterResults } };
}
