/**
 * The shape of a value, as far as it is known: a small subset of JSON Schema. `any` stands for "not known before the run",
 * for example the value of a Kafka record. A plain object with `properties` is closed unless `open` is set: reading another
 * name from it is reported.
 */
export type ValueType =
  | { readonly type: 'any'; readonly description?: string }
  | {
      readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'null';
      readonly description?: string;
      readonly nullable?: boolean;
    }
  | { readonly type: 'array'; readonly items: ValueType; readonly description?: string; readonly nullable?: boolean }
  | {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, ValueType>>;
      readonly open?: boolean;
      readonly description?: string;
      readonly nullable?: boolean;
    };

/** A value about which nothing is known before the run. */
export const anyType: ValueType = { type: 'any' };

/** Why something failed, as expressions read it: `error`, what a Catch gives, and `error` of a scope. `JobError` of engine/spi. */
export const errorType: ValueType = {
  type: 'object',
  properties: {
    code: { type: 'string', description: 'Stable: KAFKA_SEND_FAILED' },
    message: { type: 'string' },
    activity: { type: 'string', description: 'Id of the activity that failed' },
    retriable: { type: 'boolean', description: 'Whether the same job may succeed when it is tried again' },
    details: anyType,
    transition: { type: 'string', description: 'The condition that could not be evaluated' },
    source: { type: 'string', description: 'The starter, when its record could not be read' },
    record: {
      type: 'object',
      nullable: true,
      description: 'The record that the job is about',
      properties: { topic: { type: 'string' }, partition: { type: 'integer' }, offset: { type: 'integer' } },
    },
  },
};
