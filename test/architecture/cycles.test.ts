import { expect, it } from 'vitest';
import { fileCircles, folderCircles } from './checks/circles.ts';
import { readSources } from './source-tree.ts';

const sources = readSources();

it('has no circle of files', () => {
  expect(fileCircles(sources)).toEqual([]);
});

it('has no circle of folders that lie side by side, type imports counted', () => {
  expect(folderCircles(sources)).toEqual([]);
});
