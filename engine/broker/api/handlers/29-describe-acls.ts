import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { describeAclsRequest, describeAclsResponse } from '../../../protocol/schemas/29-describe-acls.ts';
import type { Acl } from '../../security/acl.ts';
import { matchesFilter } from '../../security/acl-filter.ts';
import { clusterRight } from '../authorization/rights.ts';
import { securityDisabled } from '../authorization/security-disabled.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeAcls 1-3: the rules that a filter means, by resource, from this broker's metadata.
 * - DESCRIBE on the cluster. A broker without an authorizer: SECURITY_DISABLED.
 */
export const describeAclsHandler = defineHandler(describeAclsRequest, describeAclsResponse, {
  needs: ['quorum', 'settings'],
  right: clusterRight('describe'),
  refuse: (_request, code) => refused(code, null),
  handle: (filter, _context, { quorum, settings }) => {
    if (settings.authorizerClassName === '') return refused(errorCode.SECURITY_DISABLED, securityDisabled);
    const acls = [...quorum.image.subjects.acls.values()].filter((acl) => matchesFilter(acl, filter));
    return { errorCode: errorCode.NONE, errorMessage: '', resources: byResource(acls) };
  },
});

function byResource(acls: readonly Acl[]) {
  const groups = Map.groupBy(acls, ({ resourceType, patternType, resourceName }) =>
    JSON.stringify([resourceType, patternType, resourceName]),
  );
  return [...groups.values()].flatMap(([first, ...others]) => (first ? [{ ...first, acls: [first, ...others] }] : []));
}

function refused(code: ErrorCode, errorMessage: string | null) {
  return { errorCode: code, errorMessage, resources: [] };
}
