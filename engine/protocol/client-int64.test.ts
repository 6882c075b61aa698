import { expect, it } from 'vitest';
import { apis } from './api-keys.ts';
import type { Field, Fields } from './schema.ts';

/** Paths of fields that refuse an int64 beyond ±(2^53-1). */
function narrow(fields: Fields, path: string): string[] {
  return Object.entries(fields).flatMap(([name, field]: [string, Field]) => {
    const here = `${path}.${name}`;
    if (field.element?.kind === 'struct') return narrow(field.element.fields, here);
    return field.kind === 'int64' || field.element?.kind === 'int64' ? here : [];
  });
}

it('takes every int64 that a client may send', () => {
  const requests = Object.values(apis).filter((api) => api.audience === 'client');
  expect(requests.flatMap(({ request }) => narrow(request.fields, request.name))).toEqual([]);
});
