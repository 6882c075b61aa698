import type { ValueType } from '../../../../engine/spi/value-type.ts';

/** What a record is to expressions. */
export const output = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    partition: { type: 'integer' },
    offset: { type: 'integer' },
    timestamp: { type: 'integer', description: 'Milliseconds since 1970; nothing when the record has none' },
    key: { type: 'any', description: 'null when the record has no key' },
    value: {
      type: 'any',
      description: 'null for a tombstone. Numbers keep all their digits; passed on untouched it leaves as it came',
    },
    headers: {
      type: 'object',
      properties: {},
      open: true,
      description: 'Text by name, the last one where a name is there twice; passed on whole nothing is lost',
    },
    raw: {
      type: 'object',
      description: 'The record as it came, nothing decoded: send raw.value where value cannot be read',
      properties: {
        key: { type: 'any', description: 'Bytes; raw.key.base64 is text. null when the record has no key' },
        value: { type: 'any', description: 'Bytes; raw.value.base64 is text. null for a tombstone' },
        headers: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'any' } } },
          description: 'Every header in order: text, or bytes where it is none',
        },
      },
    },
  },
} as const satisfies ValueType;

/** A key or a value that is text, where that was chosen; else nobody knows before the record is there. */
export function decoded({ description }: ValueType, format: unknown): ValueType {
  const described = description === undefined ? {} : { description };
  return format === 'text' ? { type: 'string', nullable: true, ...described } : { type: 'any', ...described };
}
