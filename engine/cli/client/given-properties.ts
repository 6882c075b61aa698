import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MillraceError, messageOf } from '../../base/errors.ts';
import { parseProperties } from '../../base/properties-file.ts';
import { secretVariable } from '../../run/resolve-references.ts';
import { clientProperty, unusedProperty } from './client-property.ts';

/** Properties of a client by Java's names, and what to say about those that are not used. */
export interface GivenProperties {
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** How a reference to a secret begins. */
const referenceStart = '$' + '{';
/** Larger files of properties are a mistake. */
const fileBytesMax = 1_048_576;

/** A file of properties as Kafka's tools take it (`--command-config`). Throws CLIENT_CONFIG_UNREADABLE. */
export function readCommandConfig(path: string): GivenProperties {
  let text: string;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > fileBytesMax) throw new Error(`expected at most ${fileBytesMax} bytes, found ${bytes.length}`);
    text = bytes.toString('utf8');
  } catch (cause) {
    throw new MillraceError(
      'CLIENT_CONFIG_UNREADABLE',
      `--command-config: could not read ${path}: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  const pairs = parseProperties(text).map(({ name, value }) => [name, value] as const);
  return givenProperties(pairs, path, dirname(resolve(path)));
}

/** Sorts out `name=value` pairs; of those for one property the last counts. Files are found from `folder`. */
export function givenProperties(
  pairs: Iterable<readonly [string, string]>,
  where: string,
  folder = process.cwd(),
): GivenProperties {
  const values = new Map<string, string>();
  const warnings: string[] = [];
  for (const [name, value] of pairs) {
    const property = clientProperty(name);
    if (!property) warnings.push(unusedProperty(name, where));
    else values.set(property.name, property.isFile && value !== '' ? fileFrom(folder, value) : value);
  }
  return { values, warnings };
}

/** Kafka's own tools look from the working folder; a file of properties may also lie beside what it names. */
function fileFrom(folder: string, path: string): string {
  if (path.startsWith(referenceStart)) return path;
  return existsSync(path) ? resolve(path) : resolve(folder, path);
}

/**
 * Puts in `secret:NAME` references, whose values come from the environment (`MILLRACE_SECRET_NAME`). Throws SECRET_MISSING.
 */
export function withSecrets(
  values: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  const filled = new Map<string, string>();
  for (const [property, text] of values) {
    const value = text.replaceAll(/\$\{secret:([^}]*)\}/g, (_, name: string) => {
      const secret = environment[secretVariable(name)];
      if (secret !== undefined) return secret;
      throw new MillraceError(
        'SECRET_MISSING',
        `${property}: expected secret "${name}" in the environment variable ${secretVariable(name)}, found none`,
      );
    });
    filled.set(property, value);
  }
  return filled;
}
