import { messageOf } from '../../../engine/base/errors.ts';
import type { Result } from '../../../engine/base/result.ts';
import { parseJson as parseExactly } from '../../../engine/formats/exact-json.ts';
import { numberOf } from '../../../engine/formats/exact-number.ts';
import { keepSource } from '../../../engine/formats/source-text.ts';

/** Why a text is no JSON. */
export interface JsonFault {
  readonly message: string;
  /** Character of the line, from 1, where it is known. */
  readonly column: number | undefined;
}

/**
 * The value of a JSON text; numbers that a double cannot hold keep their digits, and an object or list that nobody touches leaves as
 * the very text that came. The one place where files become data.
 */
export function parseJson(text: string): Result<unknown, JsonFault> {
  try {
    const value = parseExactly(text);
    if (typeof value === 'object' && value !== null) keepSource(value, Buffer.from(text.trim()));
    return { ok: true, value };
  } catch (cause) {
    const message = messageOf(cause);
    const column = /\(line \d+ column (\d+)\)/.exec(message)?.[1];
    return { ok: false, error: { message, column: column === undefined ? undefined : Number(column) } };
  }
}

/** The value of a number of a JSON text that was taken apart before. */
export function parseJsonNumber(text: string): unknown {
  return numberOf(text);
}
