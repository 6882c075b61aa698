import { expect, it } from 'vitest';
import type { ImportRule } from './import-table.ts';
import { isInModule, ruleFor } from './import-table.ts';
import type { Import, SourceFile } from './source-tree.ts';
import { readSources, resolveImport } from './source-tree.ts';

const sources = readSources().filter((source) => !source.isTest);

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function violation(source: SourceFile, rule: ImportRule, { specifier, line }: Import): string | undefined {
  const target = resolveImport(source.path, specifier);
  const where = `${source.path}:${line}`;
  if (target === undefined) {
    const allowed = !rule.packages || rule.packages.includes(packageOf(specifier));
    return allowed ? undefined : `${where} imports the package ${specifier}; ${rule.module} may not`;
  }
  const allowed = isInModule(target, rule.module) || rule.mayImport.some((module) => isInModule(target, module));
  return allowed
    ? undefined
    : `${where} imports ${target}; ${rule.module} may import ${rule.mayImport.join(', ') || 'nothing'}`;
}

it('lets every source import only what its module may', () => {
  const broken = sources.flatMap((source) => {
    const rule = ruleFor(source.path);
    if (!rule) return [`${source.path} belongs to no module of the import table`];
    return source.imports.map((imported) => violation(source, rule, imported)).filter((text) => text !== undefined);
  });
  expect(broken).toEqual([]);
});

it('keeps process engine and broker apart', () => {
  const engine = ['model', 'expressions', 'spi', 'process', 'run', 'kafka', 'bundle', 'studio'].map(
    (name) => `engine/${name}`,
  );
  const crossing = sources.flatMap((source) =>
    source.imports
      .map(({ specifier }) => resolveImport(source.path, specifier) ?? '')
      .filter(
        (target) =>
          (engine.some((module) => isInModule(source.path, module)) && isInModule(target, 'engine/broker')) ||
          (isInModule(source.path, 'engine/broker') && engine.some((module) => isInModule(target, module))),
      )
      .map((target) => `${source.path} -> ${target}`),
  );
  expect(crossing).toEqual([]);
});

it('lets nothing but tests and scripts import from test/', () => {
  const importers = sources.filter(
    (source) =>
      !source.path.startsWith('scripts/') &&
      source.imports.some(({ specifier }) => resolveImport(source.path, specifier)?.startsWith('test/')),
  );
  expect(importers.map((source) => source.path)).toEqual([]);
});

it('writes type-only imports as `import type`, never inline', () => {
  const inline = sources.filter((source) => /^import \{[^}]*\btype [A-Za-z]/m.test(source.text));
  expect(inline.map((source) => source.path)).toEqual([]);
});
