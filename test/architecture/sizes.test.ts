import { expect, it } from 'vitest';
import { sizeExceptions } from './exceptions.ts';
import type { SourceFile, SyntaxNode } from './source-tree.ts';
import { lineAt, readSources, walk } from './source-tree.ts';

const fileLinesMax = 500;
const functionLinesMax = 70;

const sources = readSources();
const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** In tests a callback of describe() or it() is a container, not a function of the program. */
function longFunctions(source: SourceFile): string[] {
  if (source.isTest) return [];
  const long: string[] = [];
  walk(source.ast, (node: SyntaxNode) => {
    if (!functionTypes.has(node.type)) return undefined;
    const first = lineAt(source.text, node.start);
    const lines = lineAt(source.text, node.end) - first + 1;
    if (lines > functionLinesMax) long.push(`${source.path}:${first} has a function of ${lines} lines`);
    return undefined;
  });
  return long;
}

function isExcepted(path: string): boolean {
  return sizeExceptions.includes(path) || path.includes('/protocol/schemas/');
}

it(`keeps every file at ${fileLinesMax} lines or fewer`, () => {
  const long = sources.filter((source) => source.lines > fileLinesMax && !isExcepted(source.path));
  expect(long.map((source) => `${source.path} has ${source.lines} lines`)).toEqual([]);
});

it(`keeps every function at ${functionLinesMax} lines or fewer`, () => {
  expect(sources.filter((source) => !isExcepted(source.path)).flatMap(longFunctions)).toEqual([]);
});

it('has no exception that is not needed any more', () => {
  const needed = sources.filter((source) => source.lines > fileLinesMax || longFunctions(source).length > 0);
  expect(sizeExceptions.filter((path) => !needed.some((source) => source.path === path))).toEqual([]);
});
