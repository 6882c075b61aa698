import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runCommandLine } from './run-command-line.ts';

let folder = '';
let error = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-test-'));
  error = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const sample = 'examples/earthquakes';

it('puts the bundle in its place in one step and leaves nothing else behind', async () => {
  const file = join(folder, 'a.millrace');
  writeFileSync(file, 'an older one');
  symlinkSync(file, join(folder, 'link.millrace'));
  expect(await runCommandLine(['export', sample, '-o', join(folder, 'link.millrace')])).toBe(0);
  expect(readdirSync(folder)).toEqual(['a.millrace', 'link.millrace']);
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
});

it.each([
  ['is a folder', (name: string) => mkdirSync(name)],
  ['lies in a folder that is not there', (name: string) => rmSync(join(name, '..'), { recursive: true })],
])('says in one line why a file that %s cannot be written', async (_, make) => {
  const file = join(folder, 'sub', 'a.millrace');
  mkdirSync(join(folder, 'sub'));
  make(file);
  expect(await runCommandLine(['export', sample, '-o', file])).toBe(1);
  expect(error).toMatch(/^millrace: could not write the bundle .*\n$/);
});
