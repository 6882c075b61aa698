import { expect, it } from 'vitest';
import { importRefusals, misplacedTestHelpers, unusedPermissions } from './checks/import-directions.ts';
import { entries, unusedYet } from './exceptions.ts';
import { isInModule } from './import-table.ts';
import { readSources } from './source-tree.ts';

const sources = readSources();
const product = sources.filter((source) => !source.isTest && !source.isTestHelper);

it('lets every source import only what its module may, tests and their helpers too', () => {
  expect(importRefusals(sources)).toEqual([]);
});

it('has no row and no entry of a row that nobody needs', () => {
  expect(unusedPermissions(sources)).toEqual([]);
});

it('keeps what only tests import in testing/, and nothing that nobody imports', () => {
  expect(misplacedTestHelpers(sources, [...entries, ...unusedYet])).toEqual([]);
});

it('says of nothing that it is unused yet which is used or gone', () => {
  const unused = misplacedTestHelpers(sources, entries).join('\n');
  expect(unusedYet.filter((path) => !unused.includes(`${path} is imported by`))).toEqual([]);
});

it('keeps process engine and broker apart', () => {
  const engine = ['model', 'expressions', 'spi', 'process', 'run', 'kafka', 'bundle', 'studio'].map(
    (name) => `engine/${name}`,
  );
  const crossing = product.flatMap((source) =>
    source.imports
      .map(({ target }) => target ?? '')
      .filter(
        (target) =>
          (engine.some((module) => isInModule(source.path, module)) && isInModule(target, 'engine/broker')) ||
          (isInModule(source.path, 'engine/broker') && engine.some((module) => isInModule(target, module))),
      )
      .map((target) => `${source.path} -> ${target}`),
  );
  expect(crossing).toEqual([]);
});

it('writes type-only imports as `import type`, never inline', () => {
  const inline = sources.filter((source) => /^import \{[^}]*\btype [A-Za-z]/m.test(source.text));
  expect(inline.map((source) => source.path)).toEqual([]);
});
