import type { JsonObject } from '../json-value.ts';
import type { FileKind, Migration } from './migration.ts';
import { scopes } from './scopes.ts';

/** The format that this version writes, for all kinds of file. */
export const currentFormat = 2;

/** All migrations, oldest first, one file each in this folder. */
export const migrations: readonly Migration[] = [...scopes];

/** Lifts a file of an older format to the current one. `list` is an argument so that the mechanism can be tested apart from the formats. */
export function migrate(kind: FileKind, file: JsonObject, list: readonly Migration[] = migrations): JsonObject {
  let current = file;
  for (const migration of list) {
    if (migration.kind === kind && current.format === migration.from)
      current = { ...migration.up(current), format: migration.from + 1 };
  }
  return current;
}
