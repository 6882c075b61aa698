import type { ErrorCode } from '../../protocol/error-codes.ts';
import { defaultStruct } from '../../protocol/field-defaults.ts';
import type { MessageSchema } from '../../protocol/schema.ts';

/**
 * How a response that has an error code of its own says that the whole request is refused: the code, and defaults.
 * @throws Error where some version has none: such an API says how it refuses itself.
 */
export function refusalOf({ name, fields, versions }: MessageSchema): (request: unknown, code: ErrorCode) => unknown {
  const field = fields.errorCode;
  if (!field || field.versions.min > versions.min || field.versions.max < versions.max)
    throw new Error(`expected an error code in every version of ${name}, or its handler to say how it refuses`);
  return (_request, errorCode) => ({ ...defaultStruct(fields), errorCode });
}
