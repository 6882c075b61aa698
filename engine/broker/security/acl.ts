/** One rule (Kafka's AclBinding), with Kafka's numbers and texts. */
export interface Acl {
  /** A code of `resourceTypeCodes`. */
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  /** `User:alice`, or `User:*` for everybody. */
  readonly principal: string;
  /** An address, `*`, or a network: `10.0.0.0/8`. */
  readonly host: string;
  /** A code of `operationCodes`, or `allOperations`. */
  readonly operation: number;
  readonly permissionType: number;
}

export const patternTypes = { any: 1, match: 2, literal: 3, prefixed: 4 } as const;
export const permissionTypes = { any: 1, deny: 2, allow: 3 } as const;
/** In a filter: every resource type, every operation. */
export const anyCode = 1;
export const everybody = 'User:*';

/** Equal for equal rules. */
export function aclText(acl: Acl): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = acl;
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permissionType]);
}
