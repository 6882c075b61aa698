import { exactField, isExactNumber } from '../formats/exact-number.ts';
import { LazyOutput, openFields } from '../spi/lazy-output.ts';

/** Bounds of one payload as the history shows it. What is cut says so in its place, and `truncated` is set. */
const stringCharactersMax = 16_384;
const itemsMax = 200;
const depthMax = 24;
/** Characters of all texts, names and numbers of a payload together. */
const payloadCharactersMax = 131_072;

/** What stands in the place of a part that cannot be made, before the reason. */
const unshown = '(cannot be shown: ';

/** Whether a copy, or a field of it, stands for something that could not be made, such as a value in another format than declared. */
export function holdsUnshown(copied: unknown): boolean {
  const parts = typeof copied === 'object' && copied !== null ? Object.values(copied) : [copied];
  return parts.some((part) => typeof part === 'string' && part.startsWith(unshown));
}

/** A copy of a payload that can be kept and sent. */
export interface PayloadSnapshot {
  readonly value: unknown;
  readonly truncated: boolean;
}

interface Budget {
  characters: number;
  truncated: boolean;
}

/**
 * Copies data as JSON would show it, within bounds. Dates, `toJSON`, bytes (base64) and bigints (text) are handled; a getter that
 * throws, a function or a loop becomes a text that says so. Numbers that a double cannot hold are packed (engine/formats), so that
 * they keep their digits on the way to a window. Undefined stays undefined at the top.
 */
export function snapshotPayload(payload: unknown): PayloadSnapshot {
  const budget: Budget = { characters: payloadCharactersMax, truncated: false };
  return { value: copy(payload, budget, 0), truncated: budget.truncated };
}

function cut(budget: Budget, marker: string): string {
  budget.truncated = true;
  return marker;
}

function copy(value: unknown, budget: Budget, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return copyText(value, budget);
    case 'number':
    case 'boolean':
      budget.characters -= 8;
      return value;
    case 'bigint':
      return copyText(value.toString(), budget);
    case 'object':
      return value === null ? null : copyObject(value, budget, depth);
    case 'undefined':
      return undefined;
    default:
      return `(a ${typeof value})`;
  }
}

function copyText(text: string, budget: Budget): string {
  const room = Math.max(0, Math.min(stringCharactersMax, budget.characters));
  budget.characters -= Math.min(text.length, room);
  if (text.length <= room) return text;
  return cut(budget, `${text.slice(0, room)}... (cut, ${text.length} characters)`);
}

function copyObject(value: object, budget: Budget, depth: number): unknown {
  if (depth >= depthMax) return cut(budget, `(cut, deeper than ${depthMax} levels)`);
  if (budget.characters <= 0) return cut(budget, '(cut, payload too large)');
  if (value instanceof Uint8Array) return copyBytes(value, budget);
  if (isExactNumber(value)) return { [exactField]: copyText(value.text, budget) };
  try {
    if (value instanceof LazyOutput) {
      openFields(value);
      return copyFields(value as unknown as Record<string, unknown>, budget, depth);
    }
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (typeof toJson === 'function') return copy(toJson.call(value), budget, depth + 1);
    if (Array.isArray(value)) return copyItems(value, budget, depth);
    return copyFields(value as Record<string, unknown>, budget, depth);
  } catch (error) {
    return `${unshown}${error instanceof Error ? error.message : String(error)})`;
  }
}

function copyBytes(bytes: Uint8Array, budget: Budget): string {
  const room = Math.max(0, Math.floor((Math.min(stringCharactersMax, budget.characters) * 3) / 4));
  const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, room)).toString('base64');
  budget.characters -= shown.length;
  return bytes.length <= room ? shown : cut(budget, `${shown}... (cut, ${bytes.length} bytes)`);
}

function copyItems(items: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const copied: unknown[] = [];
  for (const item of items.slice(0, itemsMax)) {
    if (budget.characters <= 0) break;
    copied.push(copy(item, budget, depth + 1) ?? null);
  }
  if (copied.length < items.length) copied.push(cut(budget, `(cut, ${items.length} items)`));
  return copied;
}

function copyFields(value: Record<string, unknown>, budget: Budget, depth: number): Record<string, unknown> {
  const copied: Record<string, unknown> = {};
  const names = Object.keys(value);
  let shown = 0;
  for (const name of names.slice(0, itemsMax)) {
    if (budget.characters <= 0) break;
    shown++;
    budget.characters -= name.length;
    const field = copyField(value, name, budget, depth + 1);
    // In an assignment `__proto__` would be the prototype of the copy.
    if (field !== undefined)
      Object.defineProperty(copied, name, { value: field, enumerable: true, configurable: true, writable: true });
  }
  if (shown < names.length) copied['...'] = cut(budget, `(cut, ${names.length} fields)`);
  return copied;
}

/** One field that cannot be made (a value in another format than declared) does not hide the others. */
function copyField(value: Record<string, unknown>, name: string, budget: Budget, depth: number): unknown {
  try {
    return copy(value[name], budget, depth);
  } catch (error) {
    return `${unshown}${error instanceof Error ? error.message : String(error)})`;
  }
}
