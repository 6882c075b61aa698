import type { ImportRule } from '../import-table.ts';
import { importTable, isInModule, ruleFor } from '../import-table.ts';
import type { Import, SourceFile } from '../source-tree.ts';
import { isTestHelper } from '../source-tree.ts';

/** Open to every test: the helpers that need more than one module. */
const testKit = 'test/kit';

/** The package that a specifier names: `node:` for all of Node. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const isForTests = (source: SourceFile): boolean => source.isTest || source.isTestHelper;

/** The entry of a rule that lets a source import a file of the project. */
function entryFor(source: SourceFile, rule: ImportRule, target: string): string | undefined {
  const matching = (entries: readonly string[] = []) => entries.find((entry) => isInModule(target, entry));
  if (!isForTests(source)) {
    const isHelper = isTestHelper(target);
    if (isInModule(target, rule.module) && !isHelper) return rule.module;
    return matching(isHelper ? rule.mayImport.filter((entry) => isTestHelper(`${entry}/`)) : rule.mayImport);
  }
  if (isInModule(target, rule.module)) return rule.module;
  return matching(rule.mayImport) ?? matching(rule.testsMayImport) ?? matching([testKit]);
}

function refusal(source: SourceFile, rule: ImportRule, { specifier, target, line }: Import): string | undefined {
  const where = `${source.path}:${line}`;
  if (target === undefined) {
    if (isForTests(source) || !rule.packages || rule.packages.includes(packageOf(specifier))) return undefined;
    return `${where} imports the package ${specifier}; ${rule.module} may import ${rule.packages.join(', ') || 'no package'}`;
  }
  if (entryFor(source, rule, target) !== undefined) return undefined;
  if (isTestHelper(target) && !isForTests(source))
    return `${where} imports ${target}; testing/ is for tests and other testing/ folders only`;
  const also = isForTests(source) ? [...(rule.testsMayImport ?? []), testKit] : [];
  const allowed = [...rule.mayImport, ...also].join(', ') || 'nothing';
  return `${where} imports ${target}; ${isForTests(source) ? `tests of ${rule.module}` : rule.module} may import ${allowed}`;
}

/** Every import that its module's rule does not allow, and every source without a rule. */
export function importRefusals(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const rule = ruleFor(source.path);
    if (!rule) return [`${source.path} belongs to no module of the import table`];
    return source.imports.map((imported) => refusal(source, rule, imported)).filter((text) => text !== undefined);
  });
}

/** Rows, and entries of rows, that no source needs: each would be the next wrong import's permission. */
export function unusedPermissions(
  sources: readonly SourceFile[],
  table: readonly ImportRule[] = importTable,
): string[] {
  const used = new Set<string>();
  for (const source of sources) {
    const rule = table.find(({ module }) => isInModule(source.path, module));
    if (!rule) continue;
    used.add(rule.module);
    for (const { specifier, target } of source.imports) {
      const entry = target === undefined ? packageOf(specifier) : entryFor(source, rule, target);
      if (entry === undefined) continue;
      const who = isForTests(source) && !source.path.startsWith('test/') ? 'tests' : 'own';
      used.add(`${rule.module} ${who} ${entry}`);
    }
  }
  return table.flatMap((rule) => {
    if (!used.has(rule.module)) return [`the row ${rule.module} of the import table fits no source`];
    const own = [...rule.mayImport, ...(rule.packages ?? [])]
      .filter((entry) => !used.has(`${rule.module} own ${entry}`))
      .map((entry) => `${rule.module} may import ${entry} by the import table, and no source of it does`);
    const tests = (rule.testsMayImport ?? [])
      .filter((entry) => !used.has(`${rule.module} tests ${entry}`))
      .map((entry) => `tests of ${rule.module} may import ${entry} by the import table, and none does`);
    return [...own, ...tests];
  });
}

/** Sources that nothing but tests imports and that lie outside `testing/`; `entries` are what programs start with. */
export function misplacedTestHelpers(sources: readonly SourceFile[], entries: readonly string[]): string[] {
  const importers = new Map<string, SourceFile[]>();
  for (const source of sources) {
    for (const { target } of source.imports) {
      if (target === undefined) continue;
      const known = importers.get(target);
      if (known) known.push(source);
      else importers.set(target, [source]);
    }
  }
  return sources
    .filter((source) => !isForTests(source) && !source.path.startsWith('scripts/'))
    .filter(({ path }) => !entries.some((entry) => isInModule(path, entry)))
    .filter(({ path }) => !importers.get(path)?.some((importer) => !isForTests(importer)))
    .map(({ path }) =>
      importers.has(path)
        ? `${path} is imported by tests only; it belongs in a testing/ folder`
        : `${path} is imported by nobody`,
    );
}
