/** Shapes of values, for declarations; `errorType` is that of a JobError. */
export type { ValueType } from '../model/value-type.ts';
export { errorType } from '../model/value-type.ts';
