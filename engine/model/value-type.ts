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
