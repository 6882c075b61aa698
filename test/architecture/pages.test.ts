import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { untruePages } from './checks/pages.ts';
import { architectureTable } from './import-pages.ts';
import { projectFolder } from './source-tree.ts';

const howToMend = 'mend import-table.ts, then run: node test/architecture/write-import-pages.ts';

function pages(): Map<string, string> {
  return new Map(
    ['electron', 'engine', 'palette', 'renderer', 'scripts', 'test'].flatMap((root) =>
      readdirSync(join(projectFolder, root), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.name === 'README.md' && !entry.parentPath.includes('node_modules'))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(projectFolder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const),
    ),
  );
}

it('says in ARCHITECTURE.md what the import table says', () => {
  const text = readFileSync(join(projectFolder, 'ARCHITECTURE.md'), 'utf8');
  expect(/\| module \|[\s\S]*?(?=\n\n)/.exec(text)?.[0], howToMend).toBe(architectureTable());
});

it('claims of imports on every page what the import table says', () => {
  expect(untruePages(pages()), howToMend).toEqual([]);
});
