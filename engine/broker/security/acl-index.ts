import type { Acl } from './acl.ts';
import { patternTypes, permissionTypes } from './acl.ts';
import type { HostPattern } from './host-pattern.ts';
import { hostPattern } from './host-pattern.ts';
import { anyName } from './resource.ts';

/** A rule as it is asked. */
export interface Rule {
  readonly resourceName: string;
  readonly isPrefix: boolean;
  readonly principal: string;
  readonly isFrom: HostPattern;
  readonly operation: number;
  readonly isDeny: boolean;
}

/** The rules for one type of resource, found by name. */
class TypeRules {
  readonly all: Rule[] = [];
  readonly #literal = new Map<string, Rule[]>();
  readonly #prefixed = new Map<string, Rule[]>();
  /** Lengths of prefixes: a name is looked up once for each. */
  #lengths: number[] = [];

  add(rule: Rule): void {
    this.all.push(rule);
    const { resourceName, isPrefix } = rule;
    const byName = isPrefix ? this.#prefixed : this.#literal;
    const known = byName.get(resourceName);
    if (known) known.push(rule);
    else byName.set(resourceName, [rule]);
    if (isPrefix && !this.#lengths.includes(resourceName.length)) this.#lengths.push(resourceName.length);
  }

  /** Hands over the rules for a name, in lists, until `visit` says that it knows enough. */
  visit(name: string, visit: (rules: readonly Rule[]) => boolean): void {
    const exact = this.#literal.get(name);
    if (exact && visit(exact)) return;
    const any = name === anyName ? undefined : this.#literal.get(anyName);
    if (any && visit(any)) return;
    for (const length of this.#lengths) {
      const prefixed = length <= name.length ? this.#prefixed.get(name.slice(0, length)) : undefined;
      if (prefixed && visit(prefixed)) return;
    }
  }
}

/** All rules, found by resource. Made anew when they change: rules change seldom and are asked with every request. */
export class AclIndex {
  readonly #byType = new Map<number, TypeRules>();

  constructor(acls: Iterable<Acl>) {
    for (const acl of acls) {
      const rules = this.#byType.get(acl.resourceType) ?? new TypeRules();
      this.#byType.set(acl.resourceType, rules);
      rules.add(ruleOf(acl));
    }
  }

  visit(resourceType: number, name: string, visit: (rules: readonly Rule[]) => boolean): void {
    this.#byType.get(resourceType)?.visit(name, visit);
  }

  /** Every rule for a type of resource. */
  of(resourceType: number): readonly Rule[] {
    return this.#byType.get(resourceType)?.all ?? [];
  }
}

function ruleOf({ resourceName, patternType, principal, host, operation, permissionType }: Acl): Rule {
  return {
    resourceName,
    isPrefix: patternType === patternTypes.prefixed,
    principal,
    isFrom: hostPattern(host),
    operation,
    isDeny: permissionType === permissionTypes.deny,
  };
}
