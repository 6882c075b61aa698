import type { SourceFile, SyntaxNode } from '../source-tree.ts';
import { isNode, lineAt, resolveImport, walk } from '../source-tree.ts';

/** Something that the product finds through one explicit list. */
export interface ListedKind {
  /** The type by which it is known: `Command`. */
  readonly type: string;
  /** The file that declares the type; it and the list may export what they like. */
  readonly declaredIn: string;
  readonly list: string;
  /** Functions that make one: a call of them is as good as the type. */
  readonly makers?: readonly string[];
}

/** What the product finds through one list; values of these types that are exported anywhere must be on it. */
export const listedKinds: readonly ListedKind[] = [
  { type: 'Command', declaredIn: 'renderer/commands/command.ts', list: 'renderer/commands/commands.ts' },
  {
    type: 'Behavior',
    declaredIn: 'renderer/behaviors/behavior.ts',
    list: 'renderer/behaviors/behaviors.ts',
    makers: ['perProcess'],
  },
  { type: 'Command', declaredIn: 'engine/cli/command.ts', list: 'engine/cli/commands.ts', makers: ['defineCommand'] },
  {
    type: 'ApiHandler',
    declaredIn: 'engine/broker/api/handler.ts',
    list: 'engine/broker/api/table.ts',
    makers: ['defineHandler'],
  },
];

/** Whether a type speaks of `name` as a value that is there, not as an argument or answer of a function. */
function holds(type: unknown, name: string): boolean {
  let found = false;
  if (!isNode(type)) return false;
  walk(type, (node) => {
    if (['TSFunctionType', 'TSMethodSignature', 'TSIndexedAccessType'].includes(node.type)) return false;
    if (node.type === 'TSTypeReference' && (node.typeName as SyntaxNode).name === name) found = true;
    return undefined;
  });
  return found;
}

function annotationOf(node: unknown): unknown {
  return isNode(node) ? (node.typeAnnotation as SyntaxNode | undefined)?.typeAnnotation : undefined;
}

/** Whether a declared value is of the kind: by its type, by `satisfies` or `as`, by the call that makes it, by what a function answers. */
function isOfKind(declarator: SyntaxNode, kind: ListedKind): boolean {
  if (holds(annotationOf(declarator.id), kind.type)) return true;
  const init = declarator.init;
  if (!isNode(init)) return false;
  if (init.type === 'TSSatisfiesExpression' || init.type === 'TSAsExpression')
    return holds(init.typeAnnotation, kind.type);
  if (init.type === 'CallExpression') return kind.makers?.includes(String((init.callee as SyntaxNode).name)) ?? false;
  return holds((init.returnType as SyntaxNode | undefined)?.typeAnnotation, kind.type);
}

/** Exported values of the kind: their names and where they stand. */
function exportedOfKind(source: SourceFile, kind: ListedKind): { readonly name: string; readonly line: number }[] {
  const found: { name: string; line: number }[] = [];
  for (const statement of source.ast.body as readonly SyntaxNode[]) {
    const declaration = statement.declaration;
    if (!/^Export/.test(statement.type) || !isNode(declaration)) continue;
    const line = lineAt(source.text, statement.start);
    for (const declarator of (declaration.declarations as SyntaxNode[] | undefined) ?? []) {
      if (isOfKind(declarator, kind)) found.push({ name: String((declarator.id as SyntaxNode).name), line });
    }
    if (holds((declaration.returnType as SyntaxNode | undefined)?.typeAnnotation, kind.type))
      found.push({ name: String((declaration.id as SyntaxNode | null)?.name ?? 'default'), line });
  }
  return found;
}

/** Names that a file imports as values, as `path#name`: at its head, or late, as `(await import('./x.ts')).name`. */
function importedNames(source: SourceFile): Set<string> {
  const names = new Set<string>();
  const note = (from: unknown, name: unknown) =>
    names.add(`${resolveImport(source.path, String((from as SyntaxNode).value))}#${String(name ?? 'default')}`);
  walk(source.ast, (node) => {
    if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers as readonly SyntaxNode[])
        note(node.source, (specifier.imported as SyntaxNode | undefined)?.name);
    }
    if (node.type === 'MemberExpression') {
      let object = node.object as SyntaxNode;
      if (object.type === 'ParenthesizedExpression') object = object.expression as SyntaxNode;
      const late = object.type === 'AwaitExpression' ? (object.argument as SyntaxNode) : undefined;
      if (late?.type === 'ImportExpression') note(late.source, (node.property as SyntaxNode).name);
    }
    return undefined;
  });
  return names;
}

/** Exported values of a kind that its list does not import: nobody would ever find them. */
export function unlisted(sources: readonly SourceFile[], kind: ListedKind): string[] {
  const list = sources.find(({ path }) => path === kind.list);
  if (!list) return [`expected the list ${kind.list}, found none`];
  const listed = importedNames(list);
  return sources
    .filter(({ path, isTest }) => !isTest && path !== kind.list && path !== kind.declaredIn)
    .filter(({ imports }) => imports.some(({ target }) => target === kind.declaredIn))
    .flatMap((source) =>
      exportedOfKind(source, kind)
        .filter(({ name }) => !listed.has(`${source.path}#${name}`))
        .map(
          ({ name, line }) => `${source.path}:${line} exports the ${kind.type} ${name}; ${kind.list} does not list it`,
        ),
    );
}
