/** The shape of a JobError, for activities that give one. */
export { errorType } from '../model/value-type.ts';
