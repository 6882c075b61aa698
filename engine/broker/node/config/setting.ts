import type { SettingDescription } from '../../api/configs/broker-settings.ts';

/** What a default may depend on. */
export interface ClusterShape {
  /** Brokers of the cluster, counting those that are down. */
  readonly brokers: number;
}

export type SettingValue = boolean | number | string;

/** One setting: its Kafka name, type, default, bounds, unit and one sentence. Everything else is derived from it. */
export interface SettingDeclaration<T extends SettingValue = SettingValue> {
  readonly name: string;
  readonly type: SettingDescription['type'];
  readonly defaultFor: (shape: ClusterShape) => T;
  /** Bounds of a number, both inclusive. */
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly doc: string;
  /** What is wrong with a text, where not every one will do. */
  readonly faultOf?: (text: string) => string | undefined;
  /** Shown to nobody. */
  readonly isSecret?: true;
  /** May be changed while the broker runs; whoever acts on it asks the metadata first. */
  readonly isDynamic?: true;
}

interface NumberOptions {
  /** Kafka's type of it, where that is not an int. */
  readonly type?: 'short' | 'long';
  readonly min: number;
  readonly max?: number;
  readonly unit: string;
  readonly isDynamic?: true;
}

const int32Max = 2_147_483_647;

/** A whole number; its default is a value or follows from the cluster. */
export function intSetting(
  name: string,
  standard: number | ((shape: ClusterShape) => number),
  { type, min, max = int32Max, unit, isDynamic }: NumberOptions,
  doc: string,
): SettingDeclaration<number> {
  const defaultFor = typeof standard === 'number' ? () => standard : standard;
  return { name, type: type ?? 'int', defaultFor, min, max, unit, doc, ...(isDynamic && { isDynamic }) };
}

/** `true` or `false`. */
export function booleanSetting(name: string, standard: boolean, doc: string): SettingDeclaration<boolean> {
  return { name, type: 'boolean', defaultFor: () => standard, min: 0, max: 1, unit: '', doc };
}

/** A text. `faultOf` says what was expected where the text will not do. */
export function textSetting(
  name: string,
  type: 'string' | 'list' | 'class',
  standard: string,
  doc: string,
  faultOf: (text: string) => string | undefined = () => undefined,
): SettingDeclaration<string> {
  return { name, type, defaultFor: () => standard, min: 0, max: 0, unit: '', doc, faultOf };
}

/** A text that nobody is shown; empty: none. */
export function secretSetting(name: string, doc: string): SettingDeclaration<string> {
  return { ...textSetting(name, 'string', '', doc), isSecret: true };
}

/** The typed value of `text` for a setting, or a sentence that says what was expected and found. */
export function parseSetting(
  declaration: SettingDeclaration,
  text: string,
): { readonly value: SettingValue } | { readonly problem: string } {
  const { name, min, max, unit } = declaration;
  if (declaration.type === 'boolean') {
    if (text === 'true' || text === 'false') return { value: text === 'true' };
    return { problem: `expected true or false for ${name}, found "${text}"` };
  }
  if (declaration.faultOf) {
    const expected = declaration.faultOf(text);
    return expected === undefined ? { value: text } : { problem: `expected ${expected} for ${name}, found "${text}"` };
  }
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return { value };
  return { problem: `expected a whole number from ${min} to ${max} (${unit}) for ${name}, found "${text}"` };
}
