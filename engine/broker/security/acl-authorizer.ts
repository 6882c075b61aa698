import type { Acl } from './acl.ts';
import { everybody } from './acl.ts';
import type { Rule } from './acl-index.ts';
import { AclIndex } from './acl-index.ts';
import type { authorizedOperations } from './authorized-operations.ts';
import { operationBits, operationsByType } from './authorized-operations.ts';
import type { Authorizer, Requester } from './authorizer.ts';
import type { Operation } from './operation.ts';
import { allOperations, operationCodes } from './operation.ts';
import { clusterPrincipal, principalText } from './principal.ts';
import type { ResourceType } from './resource.ts';
import { anyName, resourceTypeCodes } from './resource.ts';

export interface AclAuthorizerOptions {
  /** Who may do everything, whatever the rules say: `User:admin`. */
  readonly superUsers: ReadonlySet<string>;
  /** What holds for a resource that no rule is about. */
  readonly allowEveryoneIfNoAclFound: boolean;
}

/** What a right to one operation gives besides it. A denial denies its own operation alone. */
const impliedBy: ReadonlyMap<number, ReadonlySet<number>> = new Map<number, ReadonlySet<number>>([
  [
    operationCodes.describe,
    new Set([operationCodes.read, operationCodes.write, operationCodes.delete, operationCodes.alter]),
  ],
  [operationCodes.describeConfigs, new Set([operationCodes.alterConfigs])],
]);

/** A name that stands for any that no rule is about. */
const someName = 'hardcode';

/**
 * Decides by rules as Kafka's StandardAuthorizer does: super users may do everything; else a denial that matches denies, else a
 * permission that matches permits, else what holds where there are no rules, if none at all is about the resource. The brokers of
 * the cluster may do everything.
 */
export class AclAuthorizer implements Authorizer {
  readonly #options: AclAuthorizerOptions;
  #index = new AclIndex([]);

  constructor(options: AclAuthorizerOptions) {
    this.#options = options;
  }

  /** The rules from now on. */
  setAcls(acls: Iterable<Acl>): void {
    this.#index = new AclIndex(acls);
  }

  mayDo({ principal, host }: Requester, operation: Operation, type: ResourceType, name: string): boolean {
    if (principal === clusterPrincipal) return true;
    const who = principalText(principal);
    if (this.#options.superUsers.has(who)) return true;
    const code = operationCodes[operation];
    let isFound = false;
    let isAllowed = false;
    let isDenied = false;
    this.#index.visit(resourceTypeCodes[type], name, (rules) => {
      isFound = true;
      for (const rule of rules) {
        if (!isFor(rule, who, host)) continue;
        if (rule.isDeny) isDenied ||= isSame(rule, code);
        else isAllowed ||= gives(rule, code);
      }
      return isDenied;
    });
    if (isDenied) return false;
    return isAllowed || (!isFound && this.#options.allowEveryoneIfNoAclFound);
  }

  mayDoSomewhere(who: Requester, operation: Operation, type: ResourceType): boolean {
    if (this.mayDo(who, operation, type, someName)) return true;
    const name = principalText(who.principal);
    const code = operationCodes[operation];
    const rules = this.#index
      .of(resourceTypeCodes[type])
      .filter((rule) => isFor(rule, name, who.host) && isSame(rule, code));
    const denials = rules.filter(({ isDeny }) => isDeny);
    return rules.some((rule) => !rule.isDeny && !denials.some((denial) => covers(denial, rule)));
  }

  operationsOn(who: Requester, type: keyof typeof authorizedOperations, name: string): number {
    return operationBits(operationsByType[type].filter((operation) => this.mayDo(who, operation, type, name)));
  }
}

function isFor({ principal, isFrom }: Rule, who: string, host: string): boolean {
  return (principal === who || principal === everybody) && isFrom(host);
}

function isSame({ operation }: Rule, code: number): boolean {
  return operation === code || operation === allOperations;
}

function gives(rule: Rule, code: number): boolean {
  return isSame(rule, code) || (impliedBy.get(code)?.has(rule.operation) ?? false);
}

/** Whether a denial takes away all of what a permission gives. */
function covers(denial: Rule, { resourceName, isPrefix }: Rule): boolean {
  if (denial.isPrefix) return resourceName.startsWith(denial.resourceName) && !(resourceName === anyName && !isPrefix);
  return denial.resourceName === anyName || (!isPrefix && denial.resourceName === resourceName);
}
