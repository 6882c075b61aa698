import { expect, it } from 'vitest';
import type { Migration } from './migration.ts';
import { migrate } from './migrations.ts';

const list: readonly Migration[] = [
  { kind: 'process', from: 1, up: (file) => ({ ...file, title: file.name ?? '' }) },
  { kind: 'layout', from: 1, up: () => ({ wrong: true }) },
  { kind: 'process', from: 2, up: ({ name: _name, ...file }) => file },
];

it('lifts a file step by step, from its own format on', () => {
  expect(migrate('process', { format: 1, name: 'a' }, list)).toEqual({ format: 3, title: 'a' });
  expect(migrate('process', { format: 2, name: 'a' }, list)).toEqual({ format: 3 });
  expect(migrate('process', { format: 3, name: 'a' }, list)).toEqual({ format: 3, name: 'a' });
});
