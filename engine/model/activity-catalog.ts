import type { JsonValue } from './json-value.ts';
import type { ValueType } from './value-type.ts';

/**
 * A starter creates jobs, an activity is a step of one, a resource is shared by both. A scope holds activities of its own, and a
 * catch is where a scope goes on after a failure: these two are executed by engine/process itself.
 */
export type DeclaredKind = 'starter' | 'activity' | 'resource' | 'scope' | 'catch';

/**
 * What engine/process itself executes, each in a file of its own (elements/). An activity of the palette that is one of them has no
 * runtime; a kind `scope` or `catch` that does not say which it is, is the plain one.
 */
export const constructKinds = [
  'scope',
  'for-each',
  'while',
  'repeat',
  'repeat-on-error',
  'critical-section',
  'pick',
  'catch',
  'compensation',
  'compensate',
  'rethrow',
  'exit',
  'return',
  'start',
  'call',
] as const;
export type ConstructKind = (typeof constructKinds)[number];

/** Constructs that run what is in them again and again. */
export const loopKinds: readonly ConstructKind[] = ['for-each', 'while', 'repeat', 'repeat-on-error'];

/**
 * What the rules need to know of the palette. `ActivityDeclaration` of engine/spi has all of it and more; it is repeated here
 * because the document must not depend on the activity contract.
 */
export interface DeclaredActivity {
  readonly type: string;
  readonly title: string;
  readonly kind: DeclaredKind;
  /** Which construct of engine/process it is; left out for what has a runtime of its own. */
  readonly construct?: ConstructKind;
  readonly config: Readonly<Record<string, DeclaredField>>;
  readonly input: Readonly<Record<string, DeclaredInput>>;
  /** The user adds input fields of his own (Mapper). */
  readonly openInput?: boolean;
  /** `input`: the output is the mapped input itself. */
  readonly output: ValueType | 'input';
  readonly ports?: DeclaredPorts;
  /** Of a starter: what can be done about its events. Of an activity: what it does about the event of its job. */
  readonly abilities?: readonly string[];
  /**
   * Of a starter: it acknowledges its events in transactions while `when` holds. Of an activity: what it does can be a part of them. Both
   * on the shared resource that the field `of` names: a transaction has one.
   */
  readonly transaction?: { readonly of: string; readonly when?: VisibleWhen };
  /** Of an activity: doing it once more when a job is tried again does no harm outside of the process: it computes, or tells people. */
  readonly isRepeatable?: boolean;
  /** Failures that it declares. */
  readonly faults?: readonly { readonly code: string }[];
}

/** Shapes that depend on the settings of an activity; what it leaves out is as declared. `portsOf` asks it and nobody else. */
export type DeclaredPorts = (activity: {
  readonly config: Readonly<Record<string, JsonValue>>;
  /** Text of each file in `schemas/` of the project, by file name. */
  readonly schemas: Readonly<Record<string, string>>;
}) => { readonly input?: Readonly<Record<string, DeclaredInput>>; readonly output?: ValueType };

/** A config field as the rules see it. */
export interface DeclaredField {
  readonly kind: string;
  readonly label: string;
  readonly required?: boolean;
  readonly default?: JsonValue;
  readonly resourceType?: string;
  /** Of a lookup: what it looks up. */
  readonly what?: string;
  readonly visibleWhen?: VisibleWhen;
  readonly choices?: readonly { readonly value: string }[];
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  /** Name of a number field of the same form that this one has to be less than. */
  readonly below?: string;
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
  readonly type: ValueType;
  readonly required?: boolean;
  readonly help: string;
  /**
   * Of a construct: evaluated at another time than when it begins. `loop`: before a round, over what the loop reads and the loop itself.
   * `inside`: after a round, over what was in it.
   */
  readonly reads?: 'loop' | 'inside';
}

/** All activities and resources of the palette by type. */
export type ActivityCatalog = ReadonlyMap<string, DeclaredActivity>;

/** Whether a field counts, given the config it stands in: its `visibleWhen` holds with defaults filled in, of a field that counts. */
export function isFieldVisible(
  fields: Readonly<Record<string, DeclaredField>>,
  name: string,
  config: Readonly<Record<string, JsonValue>>,
): boolean {
  const condition = fields[name]?.visibleWhen;
  if (!condition) return true;
  const value = config[condition.field] ?? fields[condition.field]?.default ?? null;
  return condition.is.includes(value) && isFieldVisible(fields, condition.field, config);
}

/** The construct that an activity of the palette is; undefined for what has a runtime of its own. */
export function constructOf(declared: DeclaredActivity | undefined): ConstructKind | undefined {
  if (declared?.construct) return declared.construct;
  return declared?.kind === 'scope' || declared?.kind === 'catch' ? declared.kind : undefined;
}

/** Whether engine/process executes it itself: it has no runtime in the palette. */
export function isConstruct(declared: DeclaredActivity | undefined): boolean {
  return constructOf(declared) !== undefined;
}
