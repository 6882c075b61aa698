import type { JsonObject } from '../json-value.ts';

/** The kinds of file that carry a format number. */
export type FileKind = 'project' | 'process' | 'layout' | 'resource';

/** The format that this version writes, for all kinds of file. */
export const currentFormat = 1;

/** Lifts one file from format `from` to `from + 1`. */
export interface Migration {
  readonly kind: FileKind;
  readonly from: number;
  up(file: JsonObject): JsonObject;
}

/** All migrations, oldest first, one file each in this folder. There is none yet: format 1 is the first. */
export const migrations: readonly Migration[] = [];

/** Lifts a file of an older format to the current one. `list` is an argument so that the mechanism can be tested before it is needed. */
export function migrate(kind: FileKind, file: JsonObject, list: readonly Migration[] = migrations): JsonObject {
  let current = file;
  for (const migration of list) {
    if (migration.kind === kind && current.format === migration.from)
      current = { ...migration.up(current), format: migration.from + 1 };
  }
  return current;
}
