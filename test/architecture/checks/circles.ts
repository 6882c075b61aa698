import type { SourceFile } from '../source-tree.ts';

/** Every import cycle as `a -> b -> a`. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
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

/** Circles of files; type imports are erased and do not count. */
export function fileCircles(sources: readonly SourceFile[]): string[] {
  const graph = new Map(
    sources.map((source) => [
      source.path,
      source.imports
        .filter((imported) => !imported.isType)
        .map(({ target }) => target)
        .filter((target) => target !== undefined),
    ]),
  );
  return findCycles(graph);
}

/** Where two paths part: the folder that holds both, and the two folders below it; undefined when one is a file there. */
function siblings(from: string, to: string): readonly [parent: string, from: string, to: string] | undefined {
  const a = from.split('/');
  const b = to.split('/');
  const depth = a.findIndex((name, index) => name !== b[index]);
  if (depth < 1 || depth === a.length - 1 || depth === b.length - 1) return undefined;
  const parent = a.slice(0, depth).join('/');
  return [parent, `${parent}/${a[depth]}`, `${parent}/${b[depth]}`];
}

/**
 * Circles of folders that lie side by side, with one import of each step. Type imports count: whoever reads or moves one folder
 * needs the other. Tests may look anywhere that the table lets them.
 */
export function folderCircles(sources: readonly SourceFile[]): string[] {
  const graph = new Map<string, Map<string, string>>();
  for (const source of sources.filter(({ isTest, isTestHelper }) => !isTest && !isTestHelper)) {
    for (const { target, line } of source.imports) {
      const [, from, to] = (target !== undefined && siblings(source.path, target)) || [];
      if (from === undefined || to === undefined) continue;
      const steps = graph.get(from) ?? new Map<string, string>();
      graph.set(from, steps);
      if (!steps.has(to)) steps.set(to, `${source.path}:${line} imports ${target}`);
    }
  }
  const cycles = findCycles(new Map([...graph].map(([from, steps]) => [from, [...steps.keys()]])));
  return cycles.map((cycle) => {
    const folders = cycle.split(' -> ');
    const because = folders.slice(1).map((to, index) => graph.get(folders[index] ?? '')?.get(to));
    return `${cycle}: ${because.join(', ')}`;
  });
}
