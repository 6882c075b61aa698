import { MillraceError } from '../base/errors.ts';

/** Why a run cannot start or go on. Codes: `RUN_*`, `PROPERTY_*`, `SECRET_*`, `PROFILE_*`, `PROJECT_INVALID`, ... */
export class RunError extends MillraceError {
  override readonly name = 'RunError';
}
