import { MillraceError } from '../base/errors.ts';

/** Why a run cannot start or go on. Codes: `RUN_*`, `PROPERTY_*`, `SECRET_*`, `PROFILE_*`, `PROJECT_INVALID`, ... */
export class RunError extends MillraceError {
  override readonly name = 'RunError';
}

/** The answer to a start while a run is under way. */
export function runActive(): RunError {
  return new RunError('RUN_ACTIVE', 'expected no run under way, found one; stop it first');
}

/** The answer to a question about a job that is not kept. */
export function jobGone(id: string): RunError {
  const message = `expected job ${id} in the history of the run, found it gone: only the newest jobs are kept`;
  return new RunError('JOB_GONE', message);
}
