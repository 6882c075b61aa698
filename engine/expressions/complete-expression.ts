import type { ValueType } from '../model/value-type.ts';
import { functionLibrary } from './function-library.ts';
import { fieldType } from './infer-type.ts';
import { quotedName } from './quoted-name.ts';

/** One proposal of the expression editor. */
export interface Completion {
  readonly kind: 'field' | 'function';
  /** What is shown: `magnitude`, `$uppercase(text)`. */
  readonly label: string;
  /** What takes the place of the text from `from` to the cursor. */
  readonly insert: string;
  /** Where the part begins that is being typed, in characters from 0. */
  readonly from: number;
  readonly type: ValueType;
  readonly help?: string;
}

/**
 * What can stand at the cursor: behind a path the fields of what it leads to, otherwise the names of the context and, behind
 * a $, the functions. `scope` is the shape of the context.
 */
export function completeExpression(text: string, cursor: number, scope: ValueType): readonly Completion[] {
  const before = text.slice(0, cursor);
  const typed = /\$?\w*$/.exec(before)![0];
  const from = cursor - typed.length;
  const path = /((?:[A-Za-z_]\w*|`[^`]*`|\$\$?)\s*(?:\[[^\]]*\]\s*)?\.\s*)+$/.exec(before.slice(0, from));
  if (!path) return [...functions(typed, from), ...fields(scope, typed, from)];
  const names = path[0].match(/`[^`]*`|[A-Za-z_]\w*(?=\s*(?:\[[^\]]*\]\s*)?\.)|\$\$?/g) ?? [];
  const type = names.reduce(
    (at, name) => (name.startsWith('$') ? scope : fieldType(at, name.replaceAll('`', ''))),
    scope,
  );
  return fields(type, typed, from);
}

function fields(type: ValueType, typed: string, from: number): readonly Completion[] {
  const object = type.type === 'array' ? type.items : type;
  if (object.type !== 'object') return [];
  return Object.entries(object.properties)
    .filter(([name]) => startsLike(name, typed))
    .map(([name, fieldOfIt]) => ({
      kind: 'field' as const,
      label: name,
      insert: quotedName(name),
      from,
      type: fieldOfIt,
      ...(fieldOfIt.description ? { help: fieldOfIt.description } : {}),
    }));
}

function functions(typed: string, from: number): readonly Completion[] {
  return functionLibrary
    .filter(({ name }) => startsLike(`$${name}`, typed) || (typed !== '' && startsLike(name, typed)))
    .map(({ name, parameters, returns, summary, example }) => ({
      kind: 'function' as const,
      label: `$${name}(${parameters})`,
      insert: `$${name}(`,
      from,
      type: returns,
      help: `${summary}\n\n${example}`,
    }));
}

function startsLike(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase());
}
