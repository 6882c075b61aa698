import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { Project, PropertyDefinition } from '../model/document.ts';
import { RunError } from './run-error.ts';

/** Where property values come from besides the project itself. */
export interface PropertySources {
  /** Name of a profile of the project. */
  readonly profile?: string | undefined;
  /** Values given on the command line; they win. */
  readonly set?: Readonly<Record<string, string>> | undefined;
}

/** A property's value, converted to its type. Undefined when nothing gives one. */
export type PropertyValues = Readonly<Record<string, string | number | boolean>>;

function listOf(names: readonly string[]): string {
  return names.length ? names.map((name) => `"${name}"`).join(', ') : 'none';
}

/**
 * The value of every property: `--set` over the profile over the default. A property without a value is left out; whoever needs
 * it says so with its own name (see resolve-references.ts). Refused: PROFILE_UNKNOWN, PROPERTY_UNKNOWN, PROPERTY_TYPE.
 */
export function resolveProperties(
  project: Pick<Project, 'properties' | 'profiles'>,
  { profile, set = {} }: PropertySources,
): Result<PropertyValues, RunError> {
  const values: Record<string, string | number | boolean> = {};
  const profiles = Object.keys(project.profiles).sort();
  const fromProfile = profile === undefined ? {} : project.profiles[profile];
  if (!fromProfile)
    return refused(
      new RunError(
        'PROFILE_UNKNOWN',
        `expected one of the project's profiles (${listOf(profiles)}), found "${profile}"`,
      ),
    );
  const known = Object.keys(project.properties).sort();
  const origins = [
    [`profile "${profile}"`, fromProfile],
    ['--set', set],
  ] as const;
  for (const [origin, given] of origins) {
    const stranger = Object.keys(given).find((name) => !Object.hasOwn(project.properties, name));
    if (stranger !== undefined)
      return refused(
        new RunError(
          'PROPERTY_UNKNOWN',
          `${origin} names property "${stranger}", but the project has ${listOf(known)}`,
        ),
      );
  }
  for (const name of known) {
    const definition = project.properties[name]!;
    const text = set[name] ?? fromProfile[name];
    if (text === undefined) {
      if (definition.default !== undefined) values[name] = definition.default;
      continue;
    }
    const value = convert(text, definition.type);
    if (value === undefined)
      return refused(
        new RunError('PROPERTY_TYPE', `property "${name}": expected a ${definition.type}, found "${text}"`),
      );
    values[name] = value;
  }
  return ok(values);
}

function convert(text: string, type: PropertyDefinition['type']): string | number | boolean | undefined {
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
}
