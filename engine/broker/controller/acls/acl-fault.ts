import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Acl } from '../../security/acl.ts';
import { anyCode, patternTypes, permissionTypes } from '../../security/acl.ts';
import { hostFault } from '../../security/host-pattern.ts';
import { clusterName, resourceTypeCodes } from '../../security/resource.ts';

export interface AclFault {
  readonly code: ErrorCode;
  readonly message: string | null;
}

const resourceTypesByCode = new Set<number>(Object.values(resourceTypeCodes));

/** What is wrong with a new rule, in Kafka's words. */
export function aclFault(acl: Acl): AclFault | undefined {
  // Kafka fails on what is right in filters only, and says no more than that.
  if (isFilter(acl)) return { code: errorCode.UNKNOWN_SERVER_ERROR, message: null };
  const message = textFault(acl);
  return message === undefined ? undefined : { code: errorCode.INVALID_REQUEST, message };
}

function isFilter({ resourceType, patternType, operation, permissionType }: Acl): boolean {
  const isPatternOfFilters = patternType === patternTypes.any || patternType === patternTypes.match;
  return (
    resourceType === anyCode || isPatternOfFilters || operation === anyCode || permissionType === permissionTypes.any
  );
}

function textFault({ resourceType, resourceName, principal, host }: Acl): string | undefined {
  if (!resourceTypesByCode.has(resourceType)) return 'Invalid resourceType UNKNOWN';
  if (resourceName === '') return 'Invalid empty resource name';
  if (resourceType === resourceTypeCodes.cluster && resourceName !== clusterName)
    return `The only valid name for the CLUSTER resource is ${clusterName}`;
  if (!principal.includes(':'))
    return `Could not parse principal from \`${principal}\` (no colon is present separating the principal type from the principal name)`;
  return hostFault(host);
}
