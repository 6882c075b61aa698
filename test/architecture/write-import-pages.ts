import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAboutImports } from './checks/pages.ts';
import { architectureTable, importParagraphs } from './import-pages.ts';
import { projectFolder } from './source-tree.ts';

/** Writes what ARCHITECTURE.md and the README pages say of imports anew from the table. */
function rewrite(path: string, change: (text: string) => string): void {
  const file = join(projectFolder, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

rewrite('ARCHITECTURE.md', (text) => text.replace(/\| module \|[\s\S]*?(?=\n\n)/, architectureTable()));
for (const [page, paragraph] of importParagraphs()) {
  rewrite(page, (text) => {
    const paragraphs = text.trimEnd().split(/\n{2,}/);
    const at = paragraphs.findIndex((one) => isAboutImports(one.trim()));
    if (at !== -1) paragraphs[at] = paragraph;
    else paragraphs.splice(/^Read first/.test(paragraphs.at(-1) ?? '') ? -1 : paragraphs.length, 0, paragraph);
    return `${paragraphs.join('\n\n')}\n`;
  });
}
