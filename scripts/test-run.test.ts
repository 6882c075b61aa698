import { expect, it } from 'vitest';
import config from '../vitest.config.ts';
import { closingCounts, closingLine, sum, testProjects } from './test-run.ts';

it('reads the closing line that it writes, the last one of an output', () => {
  const counts = sum([
    { passed: 2, failed: 1, skipped: 0 },
    { passed: 3, failed: 0, skipped: 4 },
  ]);
  expect(closingLine(counts)).toBe('5 passed, 1 failed, 4 skipped');
  expect(closingCounts(`1 passed, 0 failed, 0 skipped\nmore\n${closingLine(counts)}\n`)).toEqual(counts);
  expect(closingCounts('5 passed')).toBeUndefined();
});

it('runs every project of tests but the one that needs Java', () => {
  const names = config.test?.projects?.map((project) => (project as { test: { name: string } }).test.name);
  expect(names?.filter((name) => !name.startsWith('conformance-')).sort()).toEqual([...testProjects].sort());
});
