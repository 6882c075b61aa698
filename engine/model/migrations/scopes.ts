import type { Migration } from './migration.ts';
import { fileKinds } from './migration.ts';

/**
 * Format 2: an activity may stand in a scope (`parent`), and a layout may draw scopes closed (`collapsed`). What format 1 has stays as
 * it is. The number went up because a version that does not know scopes would run what is inside of them as if it stood outside.
 */
export const scopes: readonly Migration[] = fileKinds.map((kind) => ({ kind, from: 1, up: (file) => file }));
