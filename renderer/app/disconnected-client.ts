import { MillraceError } from '../../engine/base/errors.ts';
import type { StudioClient } from '../store/client.ts';

/** A client without a studio behind it: every call is refused. */
export const disconnectedClient: StudioClient = {
  call: () =>
    Promise.reject(
      new MillraceError('STUDIO_UNREACHABLE', 'expected a studio server behind this window, found none', {
        retriable: true,
      }),
    ),
  on: () => () => undefined,
};
