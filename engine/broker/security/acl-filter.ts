import type { Acl } from './acl.ts';
import { anyCode, patternTypes } from './acl.ts';
import { anyName } from './resource.ts';

/** Which rules are meant; null texts and ANY codes mean all. */
export interface AclFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

/** Whether a rule is meant. Codes that do not exist mean none. */
export function matchesFilter(acl: Acl, filter: AclFilter): boolean {
  return (
    isAsked(acl.resourceType, filter.resourceTypeFilter) &&
    isNamed(acl, filter) &&
    (filter.principalFilter ?? acl.principal) === acl.principal &&
    (filter.hostFilter ?? acl.host) === acl.host &&
    isAsked(acl.operation, filter.operation) &&
    isAsked(acl.permissionType, filter.permissionType)
  );
}

function isAsked(code: number, asked: number): boolean {
  return asked === anyCode || asked === code;
}

function isNamed(acl: Acl, { resourceNameFilter: name, patternTypeFilter: pattern }: AclFilter): boolean {
  if (pattern === patternTypes.match) return name === null || holdsFor(acl, name);
  return isAsked(acl.patternType, pattern) && (name ?? acl.resourceName) === acl.resourceName;
}

/** Whether a rule would count for a resource of that name. */
function holdsFor({ patternType, resourceName }: Acl, name: string): boolean {
  if (patternType === patternTypes.prefixed) return name.startsWith(resourceName);
  return resourceName === name || resourceName === anyName;
}
