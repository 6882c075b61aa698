import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Any node of the syntax tree: a type name, its place in the text, and whatever else it holds. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Import {
  readonly specifier: string;
  /** The project's file that it names; undefined for a package. */
  readonly target: string | undefined;
  /** Erased by the compiler. */
  readonly isType: boolean;
  readonly line: number;
}

export interface SourceFile {
  /** Path from the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** A test file, or anything in `test/`. */
  readonly isTest: boolean;
  /** Helps the tests of its module: it lies in `<module>/testing/`. */
  readonly isTestHelper: boolean;
  readonly ast: SyntaxNode;
  readonly imports: readonly Import[];
}

const roots = ['electron', 'engine', 'palette', 'renderer', 'scripts', 'test'];

/** Whether a value is a node of a syntax tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}

/** Calls `visit` with every node, parents first; a visit that returns false leaves out what is below. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => boolean | undefined,
): void {
  const go = (current: SyntaxNode, parent: SyntaxNode | undefined): void => {
    if (visit(current, parent) === false) return;
    for (const value of Object.values(current)) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) go(item, current);
      } else if (isNode(value)) go(value, current);
    }
  };
  go(node, undefined);
}

/** The line, counted from 1, that a position of the text is on. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < position; index = text.indexOf('\n', index + 1)) line++;
  return line;
}

function importsOf(path: string, ast: SyntaxNode, text: string): Import[] {
  const imports: Import[] = [];
  walk(ast, (node) => {
    const source = node.source;
    if (isNode(source) && typeof source.value === 'string' && /^(Import|Export)/.test(node.type)) {
      const isType = node.importKind === 'type' || node.exportKind === 'type';
      const target = resolveImport(path, source.value);
      imports.push({ specifier: source.value, target, isType, line: lineAt(text, node.start) });
    }
    return undefined;
  });
  return imports;
}

/** Whether a path is that of a helper for tests. `engine/testing` is a module of the product: what `millrace/testing` offers. */
export function isTestHelper(path: string): boolean {
  return path.split('/').includes('testing') && !path.startsWith('engine/testing/') && !path.startsWith('test/');
}

/** One source, parsed: from the disk, or one that a test makes up. */
export function parseSource(path: string, text: string): SourceFile {
  const ast = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as SyntaxNode;
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    isTest: /\.test\.tsx?$/.test(path) || path.startsWith('test/'),
    isTestHelper: isTestHelper(path),
    ast,
    imports: importsOf(path, ast, text),
  };
}

function list(folder: string): string[] {
  return readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(projectFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** Every TypeScript source of the project, parsed. */
export function readSources(): SourceFile[] {
  const present = new Set(readdirSync(projectFolder));
  return roots
    .filter((root) => present.has(root))
    .flatMap(list)
    .sort()
    .map((path) => parseSource(path, readFileSync(join(projectFolder, path), 'utf8')));
}

/** The project's file that a relative import names, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return join(dirname(from), specifier.replace(/\?.*$/, '')).replaceAll('\\', '/');
}
