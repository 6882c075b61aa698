import { MillraceError } from '../../base/errors.ts';

/**
 * A project folder that cannot be read or written. Codes: `PROJECT_NOT_FOUND`, `PROJECT_EXISTS`, `PROJECT_NOT_OPEN`,
 * `PROJECT_PATH_OUTSIDE`, `PROJECT_TOO_LARGE`, `PROJECT_READ_FAILED`, `PROJECT_WRITE_FAILED`, `PROJECT_CHANGED_ON_DISK`,
 * `PROJECT_INVALID`.
 */
export class ProjectError extends MillraceError {
  override readonly name = 'ProjectError';
}
