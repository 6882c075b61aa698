import type { NumberField } from './fields.ts';

/** The field `flowLimit` that every starter has: BusinessWorks' flow limit. The driver reads it, not the starter's runtime. */
export const flowLimitField = {
  kind: 'number',
  label: 'Flow limit',
  help: 'How many jobs of this process may be under way at once. When the limit is reached the starter pauses until a job has ended.',
  default: 100,
  min: 1,
  max: 100_000,
  unit: 'jobs',
  integer: true,
  section: 'Advanced',
} as const satisfies NumberField;
