import type { Field, Fields, MessageSchema } from '../../../protocol/schema.ts';

type Visit = (value: Record<string, unknown>, onError: (code: number) => void) => void;

const visits = new WeakMap<MessageSchema, Visit>();

/** Calls `onError` for every error code other than 0 in a response, on whatever row it stands. */
export function forEachError(schema: MessageSchema, response: unknown, onError: (code: number) => void): void {
  let visit = visits.get(schema);
  if (!visit) {
    visit = compile(schema.fields) ?? (() => {});
    visits.set(schema, visit);
  }
  visit(response as Record<string, unknown>, onError);
}

/** Finds once where a schema has error codes, so that a response is not searched field by field. */
function compile(fields: Fields): Visit | undefined {
  const steps: Visit[] = [];
  if (fields.errorCode !== undefined)
    steps.push(({ errorCode }, onError) => {
      if (typeof errorCode === 'number' && errorCode !== 0) onError(errorCode);
    });
  for (const [name, field] of Object.entries<Field>(fields)) {
    const inner =
      field.kind === 'array' && field.element?.kind === 'struct' ? compile(field.element.fields) : undefined;
    if (inner) steps.push((value, onError) => visitRows(value[name], inner, onError));
  }
  if (steps.length === 0) return undefined;
  return (value, onError) => {
    for (const step of steps) step(value, onError);
  };
}

function visitRows(rows: unknown, inner: Visit, onError: (code: number) => void): void {
  if (Array.isArray(rows)) for (const row of rows) inner(row as Record<string, unknown>, onError);
}
