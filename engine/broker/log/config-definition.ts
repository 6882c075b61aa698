import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';

/** Types of a config value, named as Kafka's DescribeConfigs names them. */
export type ConfigType = 'boolean' | 'string' | 'int' | 'long' | 'double' | 'list';

/** One setting, declared once: validation, DescribeConfigs and its documentation are made from it. */
export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  /** Default as DescribeConfigs shows it. */
  readonly default: string;
  /** Inclusive bounds of numbers. */
  readonly min?: number;
  readonly max?: number;
  /** Numbers within the bounds that are not allowed. */
  readonly except?: readonly number[];
  /** Values allowed for a string, or for each item of a list. */
  readonly values?: readonly string[];
  readonly doc: string;
  /** The broker setting whose value is the default when the topic does not set it; Kafka's synonym. */
  readonly brokerName?: string;
  /** Whether this broker acts on it, or only stores and shows it. */
  readonly hasEffect: boolean;
}

/** A parsed value. Longs above 2^53 become the nearest number: they all mean "no limit". */
export type ConfigValue = boolean | number | string | readonly string[];

const numberPattern = /^[+-]?\d+$/;
const doublePattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Parses `text` as a value of `definition`. Refused with a sentence that names the setting, the bounds and the text. */
export function parseConfigValue(definition: ConfigDefinition, text: string): Result<ConfigValue, string> {
  const trimmed = text.trim();
  switch (definition.type) {
    case 'boolean': {
      const lower = trimmed.toLowerCase();
      return lower === 'true' || lower === 'false' ? ok(lower === 'true') : invalid(definition, text, 'true or false');
    }
    case 'string':
      return !definition.values || definition.values.includes(trimmed)
        ? ok(trimmed)
        : invalid(definition, text, `one of ${definition.values.join(', ')}`);
    case 'list':
      return parseList(definition, text, trimmed);
    default:
      return parseNumber(definition, text, trimmed);
  }
}

function parseList(definition: ConfigDefinition, text: string, trimmed: string): Result<ConfigValue, string> {
  const items = trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
  const { values } = definition;
  if (values && !items.every((item) => values.includes(item)))
    return invalid(definition, text, `a list of ${values.join(', ')}`);
  return new Set(items).size === items.length ? ok(items) : invalid(definition, text, 'a list without duplicates');
}

function parseNumber(definition: ConfigDefinition, text: string, trimmed: string): Result<ConfigValue, string> {
  const { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = definition;
  if (!(type === 'double' ? doublePattern : numberPattern).test(trimmed))
    return invalid(definition, text, `of type ${type}`);
  const value = Number(trimmed);
  const widest = type === 'int' ? 2 ** 31 : 2 ** 63;
  const fits = type === 'double' || (value >= -widest && (type === 'int' ? value < widest : value <= widest));
  if (!fits) return invalid(definition, text, `of type ${type}`);
  if (definition.except?.includes(value))
    return invalid(definition, text, `other than ${definition.except.join(', ')}`);
  return value >= min && value <= max ? ok(value) : invalid(definition, text, boundsText(min, max));
}

function boundsText(min: number, max: number): string {
  return Number.isFinite(max) ? `between ${min} and ${max}` : `at least ${min}`;
}

function invalid(definition: ConfigDefinition, text: string, expected: string): Result<never, string> {
  return refused(`Invalid value ${text} for configuration ${definition.name}: Value must be ${expected}`);
}
