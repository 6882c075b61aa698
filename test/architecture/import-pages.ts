import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportRule } from './import-table.ts';
import { importTable } from './import-table.ts';
import { projectFolder } from './source-tree.ts';

/** Width at which the pages' lines are broken. */
const lineWidth = 140;

const packageName = (name: string): string => (name === 'node:' ? 'Node' : name);

/** The head of the table in ARCHITECTURE.md, and all its rows: paths in `engine/` are named without it. */
export function architectureTable(table: readonly ImportRule[] = importTable): string {
  const short = (path: string) => path.replace(/^engine\//, '');
  const rows = table.map(({ module, mayImport, packages }) => {
    const names = mayImport.map(short).join(', ') || 'nothing';
    const outside = packages === undefined ? 'any' : packages.map(packageName).join(', ') || 'none';
    return `| \`${module}\` | ${names} | ${outside} |`;
  });
  return ['| module | may import | packages |', '|---|---|---|', ...rows].join('\n');
}

/** The page that explains a module: the README of its folder, or of the nearest folder above. */
function pageOf(module: string): string | undefined {
  const names = module.split('/');
  for (let count = names.length; count > 0; count--) {
    const folder = names.slice(0, count).join('/');
    if (!folder.includes('*') && existsSync(join(projectFolder, folder, 'README.md'))) return `${folder}/README.md`;
  }
  return undefined;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= lineWidth) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function sentence({ module, mayImport, packages, testsMayImport }: ImportRule, folder: string): string {
  const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const who = module === folder ? 'May import' : `\`${module.slice(folder.length + 1)}\` may import`;
  const project = quoted(mayImport) || 'nothing of the project';
  const outside =
    packages === undefined ? '; any package' : packages.length > 0 ? `; packages ${quoted(packages)}` : '';
  const tests = testsMayImport === undefined ? '' : ` Tests also: ${quoted(testsMayImport)}.`;
  return `${who}: ${project}${outside.replace('`node:`', 'Node')}.${tests}`;
}

/** What each page must say of imports: one paragraph, by the page's path. */
export function importParagraphs(table: readonly ImportRule[] = importTable): Map<string, string> {
  const byPage = new Map<string, string[]>();
  for (const rule of table) {
    const page = pageOf(rule.module);
    if (page === undefined) continue;
    const folder = page.slice(0, -'/README.md'.length);
    byPage.set(page, [...(byPage.get(page) ?? []), wrapped(sentence(rule, folder))]);
  }
  return new Map([...byPage].map(([page, sentences]) => [page, sentences.sort(moduleFirst).join('\n')]));
}

/** The folder's own sentence stands before those of its files. */
function moduleFirst(a: string, b: string): number {
  return Number(b.startsWith('May')) - Number(a.startsWith('May'));
}
