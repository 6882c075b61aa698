import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileExpression } from './compile-expression.ts';
import { quotedName } from './quoted-name.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0 } };
const odd = [
  'true',
  'false',
  'null',
  'and',
  'or',
  'in',
  'function',
  '',
  '`',
  'a`b"c\\',
  'two words',
  'x',
  '9',
  '$',
  'ü',
  '\n',
];

it('gives a path that reads the field, whatever its name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...odd), fc.string()), (name) => {
      fc.pre(name !== '__proto__');
      const compiled = compileExpression(`read.${quotedName(name)}`, host);
      if (!compiled.ok) throw compiled.error;
      expect(compiled.value.evaluate({ read: { [name]: 'found' } })).toBe('found');
    }),
  );
});
