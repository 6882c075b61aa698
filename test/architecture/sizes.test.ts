import { expect, it } from 'vitest';
import { sizeExceptions } from './exceptions.ts';
import type { SourceFile, SyntaxNode } from './source-tree.ts';
import { lineAt, readSources, walk } from './source-tree.ts';

const fileLinesMax = 500;
const functionLinesMax = 70;
/** From here on somebody should look again whether one thing is in a file, or a function. How many there are may only shrink. */
const fileLinesToLookAt = 350;
const functionLinesToLookAt = 45;
const largeFilesMax = 10;
const largeFunctionsMax = 44;

const sources = readSources();
const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** In tests a callback of describe() or it() is a container, not a function of the program. */
function longFunctions(source: SourceFile, linesMax = functionLinesMax): string[] {
  if (source.isTest) return [];
  const long: string[] = [];
  walk(source.ast, (node: SyntaxNode) => {
    if (!functionTypes.has(node.type)) return undefined;
    const first = lineAt(source.text, node.start);
    const lines = lineAt(source.text, node.end) - first + 1;
    if (lines > linesMax) long.push(`${source.path}:${first} has a function of ${lines} lines`);
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
  expect(sources.filter((source) => !isExcepted(source.path)).flatMap((source) => longFunctions(source))).toEqual([]);
});

it(`has no more than ${largeFilesMax} files over ${fileLinesToLookAt} lines, and ${largeFunctionsMax} functions over ${functionLinesToLookAt}`, () => {
  const looked = sources.filter((source) => !source.isTest && !isExcepted(source.path));
  const files = looked.filter(({ lines }) => lines > fileLinesToLookAt).map(({ path, lines }) => `${lines} ${path}`);
  const functions = looked.flatMap((source) => longFunctions(source, functionLinesToLookAt));
  expect(files.length, files.join('\n')).toBeLessThanOrEqual(largeFilesMax);
  expect(functions.length, functions.join('\n')).toBeLessThanOrEqual(largeFunctionsMax);
});

it('has no exception that is not needed any more', () => {
  const needed = sources.filter((source) => source.lines > fileLinesMax || longFunctions(source).length > 0);
  expect(sizeExceptions.filter((path) => !needed.some((source) => source.path === path))).toEqual([]);
});
