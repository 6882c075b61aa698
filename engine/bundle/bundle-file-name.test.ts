import { expect, it } from 'vitest';
import { bundleFileName } from './bundle-file-name.ts';

it.each([
  ['Earthquakes', 'Earthquakes'],
  ['../orders: in/out', 'orders-in-out'],
  ['.hidden', 'hidden'],
  ['água', 'água'],
  ['注文', '注文'],
  ['??', 'project'],
  ['', 'project'],
])('makes of the project name %j the file name %j', (name, file) => {
  expect(bundleFileName(name)).toBe(file);
});
