import type { Assignor } from './assignors/assignor.ts';
import { rangeAssignor } from './assignors/range.ts';
import { uniformAssignor } from './assignors/uniform.ts';
import type { MigrationPolicy } from './draft.ts';

const assignors: readonly Assignor[] = [uniformAssignor, rangeAssignor];

/** What group.consumer.assignors may name. */
export const assignorNames: readonly string[] = assignors.map(({ name }) => name);

/** The assignors of a list of names, in its order. */
export function assignorsOf(list: string): readonly Assignor[] {
  return list.split(',').flatMap((name) => assignors.find((assignor) => assignor.name === name.trim()) ?? []);
}

/** What group.consumer.migration.policy may be. */
export const migrationPolicies = ['bidirectional', 'upgrade', 'downgrade', 'disabled'] as const;

export function isMigrationPolicy(text: string): boolean {
  return migrationPolicies.some((policy) => policy === text.toLowerCase());
}

export function migrationPolicyOf(text: string): MigrationPolicy {
  const policy = text.toLowerCase();
  const isBoth = policy === 'bidirectional';
  return { upgrade: isBoth || policy === 'upgrade', downgrade: isBoth || policy === 'downgrade' };
}
