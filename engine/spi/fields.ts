import type { VisibleWhen } from '../model/activity-catalog.ts';
import type { JsonValue } from '../model/json-value.ts';

/** What every config field has. */
interface FieldBase {
  readonly label: string;
  /** One or two sentences for the form and the docs. */
  readonly help: string;
  readonly required?: boolean;
  /** Part of the form; `General` when left out. */
  readonly section?: 'General' | 'Advanced';
  readonly visibleWhen?: VisibleWhen;
  /** Greyed text in an empty control. */
  readonly placeholder?: string;
}

/** One line of text. */
export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly default?: string;
  /** Regular expression source that the whole value must match. */
  readonly pattern?: string;
}
/** Several lines of text. */
export interface MultilineField extends FieldBase {
  readonly kind: 'multiline';
  readonly default?: string;
}
/** A number with bounds and unit. */
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly default?: number;
  readonly min: number;
  readonly max: number;
  /** `ms`, `bytes`, `records`, `records/s`. */
  readonly unit?: string;
  readonly integer?: boolean;
  /** Name of a number field of the same form that this one has to be less than. */
  readonly below?: string;
}
/** A switch. */
export interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}
/** One of a few values. */
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
}
/** A shared resource of one type; the value is its id. */
export interface ResourceField extends FieldBase {
  readonly kind: 'resource';
  readonly resourceType: string;
}
/** Kinds of things that shared resources have and a form can offer: what `LookupField.what` says and `ResourceInstance.browse` is asked. */
export const lookupKinds = ['topic'] as const;
export type LookupKind = (typeof lookupKinds)[number];
/** One of the things that the shared resource in the field `of` has: a topic of a cluster; with `multiple` a list of them. */
export interface LookupField extends FieldBase {
  readonly kind: 'lookup';
  readonly what: LookupKind;
  /** Name of the field with the resource. */
  readonly of: string;
  readonly multiple?: boolean;
  readonly default?: string | readonly string[];
}
/** A secret; the document holds only a reference `${secret:NAME}`. */
export interface SecretField extends FieldBase {
  readonly kind: 'secret';
}
/** A file path, relative to the project folder. */
export interface FileField extends FieldBase {
  readonly kind: 'file';
  readonly default?: string;
  /** Endings offered by the file dialog: `['json', 'csv']`. */
  readonly extensions?: readonly string[];
}
/** An expression that the runtime itself evaluates, once per record, over the names in `scope`. */
export interface ExpressionField extends FieldBase {
  readonly kind: 'expression';
  readonly default?: string;
  /** What the expression sees: `a record of the file`. */
  readonly scope: string;
}
/** A process of the project that can be called; the value is its id. */
export interface ProcessField extends FieldBase {
  readonly kind: 'process';
}
/** Fields by name, each with a type (engine/model/field-types.ts): the shape of a record. */
export interface RecordField extends FieldBase {
  readonly kind: 'record';
}
/** Names with text values. */
export interface KeyValueField extends FieldBase {
  readonly kind: 'keyValue';
  readonly default?: Readonly<Record<string, string>>;
}

/** One setting of an activity or a resource. */
export type ConfigField =
  | TextField
  | MultilineField
  | NumberField
  | BooleanField
  | ChoiceField
  | ResourceField
  | LookupField
  | SecretField
  | FileField
  | ExpressionField
  | ProcessField
  | RecordField
  | KeyValueField;

/** All settings of an activity by name; their order is the order of the form. */
export type ConfigFields = Readonly<Record<string, ConfigField>>;

type ValueOfField<F extends ConfigField> = F extends NumberField
  ? number
  : F extends BooleanField
    ? boolean
    : F extends { readonly kind: 'choice'; readonly choices: readonly { readonly value: infer V }[] }
      ? V
      : F extends { readonly kind: 'lookup'; readonly multiple: true }
        ? readonly string[]
        : F extends KeyValueField | RecordField
          ? Readonly<Record<string, string>>
          : string;

type IsPresent<F> = F extends { readonly visibleWhen: VisibleWhen; readonly default?: never }
  ? false
  : F extends { readonly required: true } | { readonly default: JsonValue | Readonly<Record<string, string>> }
    ? true
    : false;

/**
 * The type of a config as the runtime gets it: references resolved, defaults filled in. A field that is neither required nor
 * has a default may be undefined, and so may a required one that is not always visible.
 */
export type ConfigOf<Fields extends ConfigFields> = {
  readonly [Name in keyof Fields]: IsPresent<Fields[Name]> extends true
    ? ValueOfField<Fields[Name]>
    : ValueOfField<Fields[Name]> | undefined;
};
