import { MillraceError } from '../base/errors.ts';

/** Why a project or bundle cannot be exported or opened. Codes: `BUNDLE_*`, `PROJECT_*`, `SECRET_IN_PROJECT`. */
export class BundleError extends MillraceError {
  override readonly name = 'BundleError';
}
