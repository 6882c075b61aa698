import { expect, it } from 'vitest';
import { isInModule } from './import-table.ts';
import type { SourceFile, SyntaxNode } from './source-tree.ts';
import { lineAt, readSources, walk } from './source-tree.ts';

/** Folders and files that perform effects: the edge. Everything else gets clock, chance, disk and net handed in. */
const edge = [
  'engine/host',
  'engine/cli',
  'engine/kafka',
  'engine/studio',
  'engine/testing',
  'engine/bundle',
  'engine/broker/node/main.ts',
  'engine/broker/node/server',
  'engine/broker/node/supervisor',
  'electron',
  'renderer',
  'scripts',
  'palette/*/*/runtime.ts',
  'palette/file/read-records/held-file.ts',
];

/** What is banned elsewhere, and what to use in its place. */
const bannedMembers = new Map([
  ['Date.now', 'clock.now()'],
  ['Math.random', 'random.next()'],
  ['performance.now', 'clock.monotonic()'],
]);
const bannedGlobals = new Map([
  ['setTimeout', 'clock.after()'],
  ['setInterval', 'clock.after()'],
  ['setImmediate', 'clock.soon()'],
  ['console', 'the Log that is handed in'],
  ['fetch', 'an argument'],
]);
const bannedModules = /^node:(fs|net|http|https|tls|child_process|worker_threads|timers|dgram)/;

function memberName(node: SyntaxNode): string {
  const object = node.object as SyntaxNode;
  const property = node.property as SyntaxNode;
  return `${String(object.name)}.${String(property.name)}`;
}

function bannedIn(source: SourceFile): string[] {
  const found: string[] = [];
  const report = (node: SyntaxNode, what: string, instead: string) =>
    found.push(`${source.path}:${lineAt(source.text, node.start)} uses ${what}; use ${instead}`);
  walk(source.ast, (node, parent) => {
    if (node.type === 'MemberExpression' && bannedMembers.has(memberName(node))) {
      report(node, memberName(node), bannedMembers.get(memberName(node)) ?? '');
    }
    if (node.type === 'CallExpression' && bannedGlobals.has(String((node.callee as SyntaxNode).name))) {
      const name = String((node.callee as SyntaxNode).name);
      report(node, name, bannedGlobals.get(name) ?? '');
    }
    if (
      node.type === 'Identifier' &&
      node.name === 'console' &&
      parent?.type === 'MemberExpression' &&
      parent.object === node
    ) {
      report(node, 'console', bannedGlobals.get('console') ?? '');
    }
    if (
      node.type === 'NewExpression' &&
      (node.callee as SyntaxNode).name === 'Date' &&
      (node.arguments as unknown[]).length === 0
    ) {
      report(node, 'new Date()', 'clock.now()');
    }
    return undefined;
  });
  for (const { specifier, line, isType } of source.imports) {
    if (!isType && bannedModules.test(specifier))
      found.push(`${source.path}:${line} imports ${specifier}; use base's interface`);
  }
  return found;
}

it('touches clock, chance, files and sockets only at the edge', () => {
  const pure = readSources().filter(
    (source) => !source.isTest && !edge.some((module) => isInModule(source.path, module)),
  );
  expect(pure.flatMap(bannedIn)).toEqual([]);
});

/** What browsers lack that the designer is built for (`target` in vite.config.ts: Chrome 114), by the version that brought it. */
const newerThanBrowsers = new Map([
  ['Map.groupBy', 'Chrome 117'],
  ['Object.groupBy', 'Chrome 117'],
  ['Promise.withResolvers', 'Chrome 119'],
  ['Promise.try', 'Chrome 128'],
  ['Array.fromAsync', 'Chrome 121'],
  ['RegExp.escape', 'Chrome 136'],
  ['Math.sumPrecise', 'Chrome 147'],
]);

it('uses nothing in the window that its oldest browser lacks', () => {
  const inWindow = readSources().filter(({ path, isTest }) => !isTest && isInModule(path, 'renderer'));
  const found: string[] = [];
  for (const source of inWindow) {
    walk(source.ast, (node) => {
      const since = node.type === 'MemberExpression' ? newerThanBrowsers.get(memberName(node)) : undefined;
      if (since !== undefined)
        found.push(`${source.path}:${lineAt(source.text, node.start)} uses ${memberName(node)}, there since ${since}`);
      return undefined;
    });
  }
  expect(found).toEqual([]);
});

it('does not sleep in tests', () => {
  const sleeping = readSources().filter(
    (source) => source.isTest && /new Promise(<[^>]*>)?\(\s*\(?\w+\)?\s*=>\s*setTimeout\(\s*\w+\s*,/.test(source.text),
  );
  expect(sleeping.map((source) => source.path)).toEqual([]);
});
