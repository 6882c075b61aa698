import { MillraceError } from '../../engine/base/errors.ts';
import { wireErrorSchema } from '../../engine/rpc/define-contract.ts';

/** An error of the studio or of the way to it. `STUDIO_NOT_CONNECTED` and `STUDIO_TIMEOUT` are the bridge's own. */
export class StudioError extends MillraceError {
  override readonly name = 'StudioError';
}

/** The error that a JSON-RPC error carries in `data`. */
export function studioErrorOf(data: unknown): StudioError {
  const { code, message, retriable, details } = wireErrorSchema.parse(data);
  return new StudioError(code, message, { retriable, details });
}
