import type { JsonValue } from './json-value.ts';
import type { ValueType } from './value-type.ts';

/**
 * What the rules need to know of the palette. `ActivityDeclaration` of engine/spi has all of it and more; it is repeated here
 * because the document must not depend on the activity contract.
 */
export interface DeclaredActivity {
  readonly type: string;
  readonly title: string;
  readonly kind: 'starter' | 'activity' | 'resource';
  readonly config: Readonly<Record<string, DeclaredField>>;
  readonly input: Readonly<Record<string, DeclaredInput>>;
  /** The user adds input fields of his own (Mapper). */
  readonly openInput?: boolean;
  /** `input`: the output is the mapped input itself. */
  readonly output: ValueType | 'input';
  /** Failures that it declares. */
  readonly faults?: readonly { readonly code: string }[];
}

/** A config field as the rules see it. */
export interface DeclaredField {
  readonly kind: string;
  readonly label: string;
  readonly required?: boolean;
  readonly default?: JsonValue;
  readonly resourceType?: string;
  readonly visibleWhen?: VisibleWhen;
  readonly choices?: readonly { readonly value: string }[];
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  readonly multiple?: boolean;
}

/** Shows a field only while another field of the same form holds one of these values. */
export interface VisibleWhen {
  readonly field: string;
  readonly is: readonly JsonValue[];
}

/** An input field as the rules see it. */
export interface DeclaredInput {
  readonly label: string;
  readonly required?: boolean;
}

/** All activities and resources of the palette by type. */
export type ActivityCatalog = ReadonlyMap<string, DeclaredActivity>;

/** Whether a field counts, given the config it stands in: its `visibleWhen` holds with defaults filled in. */
export function isFieldVisible(
  fields: Readonly<Record<string, DeclaredField>>,
  name: string,
  config: Readonly<Record<string, JsonValue>>,
): boolean {
  const condition = fields[name]?.visibleWhen;
  if (!condition) return true;
  const value = config[condition.field] ?? fields[condition.field]?.default ?? null;
  return condition.is.includes(value);
}
