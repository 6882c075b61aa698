import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Project } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { PropertyValues } from '../run/resolve-properties.ts';
import { resolveProperties } from '../run/resolve-properties.ts';
import { resolveReferences } from '../run/resolve-references.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import { BundleError } from './bundle-error.ts';

/** A file that an activity reads, which a bundle must carry along: what runs from a bundle reads nothing else. */
export interface DataFile {
  readonly path: string;
  /** False for one that properties name: a profile may name a file that is not there yet. */
  readonly isCertain: boolean;
}

/** The files in the file fields of a project, by path: those that stand as they are, and those that the properties name, under the defaults and under each profile. */
export function dataFiles(project: Project, catalog: ReadonlyMap<string, ActivityDeclaration>): DataFile[] {
  const found = new Map<string, boolean>();
  const profiles = [undefined, ...Object.keys(project.profiles)];
  const values = profiles.flatMap((profile): PropertyValues[] => {
    const resolved = resolveProperties(project, { profile });
    return resolved.ok ? [resolved.value] : [];
  });
  const look = (type: string, config: Readonly<Record<string, JsonValue>>) => {
    for (const [name, field] of Object.entries(catalog.get(type)?.config ?? {})) {
      const text = config[name] ?? (field.kind === 'file' ? field.default : undefined);
      if (field.kind !== 'file' || typeof text !== 'string' || text === '') continue;
      if (!text.includes('${')) found.set(text, true);
      else for (const path of named(text, values)) if (!found.has(path)) found.set(path, false);
    }
  };
  for (const { type, config } of Object.values(project.resources)) look(type, config);
  for (const process of Object.values(project.processes))
    for (const { type, config } of Object.values(process.activities)) look(type, config);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, isCertain]) => ({ path, isCertain }));
}

/** What a text with references becomes under each of these values; nothing where a value is missing, or a secret is in it. */
function named(text: string, values: readonly PropertyValues[]): string[] {
  return values.flatMap((properties) => {
    const resolved = resolveReferences({ text }, { properties, secret: () => undefined }, 'bundle');
    return resolved.ok && resolved.value.text !== '' ? [String(resolved.value.text)] : [];
  });
}

/** Reads a file that an activity names. Throws BUNDLE_FILE_OUTSIDE, BUNDLE_FILE_UNREADABLE. */
export function readDataFile(folder: string, path: string): Uint8Array {
  const full = resolve(folder, path);
  const inside = relative(folder, full);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new BundleError('BUNDLE_FILE_OUTSIDE', `expected a file inside the project folder, found "${path}"`);
  try {
    return readFileSync(full);
  } catch (cause) {
    throw new BundleError(
      'BUNDLE_FILE_UNREADABLE',
      `could not read "${path}", which an activity names: ${messageOf(cause)}`,
      { cause },
    );
  }
}
