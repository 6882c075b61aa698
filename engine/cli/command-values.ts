import type { Invocation } from './command.ts';
import { UsageError } from './command.ts';

/** An option's text, or undefined when it was not given. */
export function textOption({ values }: Invocation, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function flagOption({ values }: Invocation, name: string): boolean {
  return values[name] === true;
}

/** All values of an option that may be repeated. */
export function listOption({ values }: Invocation, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}

/** A whole number within bounds, or undefined when the option was not given. Throws UsageError. */
export function numberOption(
  invocation: Invocation,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = textOption(invocation, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < min || number > max)
    throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, found "${text}"`);
  return number;
}

/** `name=value` pairs of an option that may be repeated; of those with one name the last counts. Throws UsageError. */
export function pairsOption(invocation: Invocation, name: string): Record<string, string> {
  return Object.fromEntries(pairListOption(invocation, name));
}

/** All `name=value` pairs of an option that may be repeated, in their order. Throws UsageError. */
export function pairListOption(invocation: Invocation, name: string): readonly (readonly [string, string])[] {
  return listOption(invocation, name).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--${name}: expected name=value, found "${text}"`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}
