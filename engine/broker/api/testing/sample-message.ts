import type { Field, Fields, MessageInput, MessageSchema } from '../../../protocol/schema.ts';

/** A message with one element in each of its lists, whatever version it is for. */
export function sampleOf<S extends MessageSchema>(schema: S): MessageInput<S> {
  return sample(schema.fields) as MessageInput<S>;
}

function sample(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries<Field>(fields).map(([name, field]) => [name, sampleValue(field)]));
}

function sampleValue(field: Field): unknown {
  if (field.kind === 'array') return [elementOf(field)];
  if (field.kind === 'struct') return elementOf(field);
  return scalars[field.kind] ?? 1;
}

function elementOf({ element }: Field): unknown {
  return element?.kind === 'struct' ? sample(element.fields) : (scalars[element?.kind ?? ''] ?? 1);
}

const scalars: Readonly<Record<string, unknown>> = {
  bool: true,
  string: 'x',
  uuid: 'AAAAAAAAAAAAAAAAAAAAAg',
  bytes: Buffer.from('x'),
  records: Buffer.alloc(0),
};
