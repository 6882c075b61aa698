import { expect, it } from 'vitest';
import { readSources, resolveImport } from './source-tree.ts';

/** Every import cycle as `a -> b -> a`; type imports are erased and do not count. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const start = path.indexOf(file);
    if (start !== -1) {
      cycles.push([...path.slice(start), file].join(' -> '));
      return;
    }
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}

it('finds a cycle when there is one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
  ]);
  expect(findCycles(graph)).toEqual(['a -> b -> c -> a']);
});

it('has no import cycle', () => {
  const graph = new Map(
    readSources().map((source) => [
      source.path,
      source.imports
        .filter((imported) => !imported.isType)
        .map(({ specifier }) => resolveImport(source.path, specifier))
        .filter((target) => target !== undefined),
    ]),
  );
  expect(findCycles(graph)).toEqual([]);
});
