import type { z } from 'zod';
import { MillraceError, messageOf } from '../base/errors.ts';
import type { wireErrorSchema } from './define-contract.ts';

/** `data` of an error, as `wireErrorSchema` says. */
export type WireError = Readonly<z.output<typeof wireErrorSchema>>;

/** How an error crosses the wire. What is no MillraceError is a bug of ours: `INTERNAL_ERROR`. */
export function wireError(thrown: unknown): WireError {
  if (thrown instanceof MillraceError) {
    const { code, message, retriable, details } = thrown;
    return { code, message, retriable, details };
  }
  return { code: 'INTERNAL_ERROR', message: messageOf(thrown), retriable: false, details: {} };
}

/** The error that came over the wire, at the end that asked. */
export function errorOfWire({ code, message, retriable, details }: WireError): MillraceError {
  return new MillraceError(code, message, { retriable, details });
}
