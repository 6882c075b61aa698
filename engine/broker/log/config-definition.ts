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
  /** What each item of a list looks like; a list of the single item `*` passes too. */
  readonly itemPattern?: RegExp;
  /** A value that cannot be had here, and why not. */
  readonly refuses?: { readonly value: string; readonly reason: string };
  readonly doc: string;
  /** The broker setting whose value is the default when the topic does not set it; Kafka's synonym. */
  readonly brokerName?: string;
  /** The broker setting has no default of its own (null): another one (`log.retention.hours`) stands behind it. */
  readonly hasNullBrokerDefault?: boolean;
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
  if (definition.refuses?.value === trimmed.toLowerCase()) return refused(definition.refuses.reason);
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
  const { values, itemPattern } = definition;
  if (values && !items.every((item) => values.includes(item)))
    return invalid(definition, text, `a list of ${values.join(', ')}`);
  if (itemPattern && trimmed !== '*' && !items.every((item) => itemPattern.test(item)))
    return invalid(definition, text, "the literal '*' or a list of [partitionId]:[brokerId]");
  return ok([...new Set(items)]);
}

function parseNumber(definition: ConfigDefinition, text: string, trimmed: string): Result<ConfigValue, string> {
  const { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = definition;
  if (!(type === 'double' ? doublePattern : numberPattern).test(trimmed))
    return invalid(definition, text, `of type ${type}`);
  const value = Number(trimmed);
  const isWhole = type === 'int' || type === 'long';
  if (isWhole && !fits(type, value, trimmed)) return invalid(definition, text, `of type ${type}`);
  if (definition.except?.includes(value))
    return invalid(definition, text, `other than ${definition.except.join(', ')}`);
  return value >= min && value <= max ? ok(value) : invalid(definition, text, boundsText(min, max));
}

/** The value of every default that means "no limit". */
const longMax = '9223372036854775807';

/** Whether a whole number is an int or a long. As a number, one beyond a long looks like its bound, which only the text tells apart. */
function fits(type: 'int' | 'long', value: number, text: string): boolean {
  if (type === 'int') return value >= -(2 ** 31) && value < 2 ** 31;
  if (Math.abs(value) < 2 ** 63 || text === longMax) return true;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function boundsText(min: number, max: number): string {
  return Number.isFinite(max) ? `between ${min} and ${max}` : `at least ${min}`;
}

function invalid(definition: ConfigDefinition, text: string, expected: string): Result<never, string> {
  return refused(`Invalid value ${text} for configuration ${definition.name}: Value must be ${expected}`);
}
