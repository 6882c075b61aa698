import type { SourceFile, SyntaxNode } from '../source-tree.ts';
import { isNode, lineAt, walk } from '../source-tree.ts';

/** Methods that change what they are called on. */
const changing = new Set(
  [
    'set',
    'add',
    'delete',
    'clear',
    'push',
    'pop',
    'shift',
    'unshift',
    'splice',
    'sort',
    'reverse',
    'fill',
    'copyWithin',
  ].concat(['assign', 'copy']),
);
/** Writers of Buffer and DataView: writeInt32BE, setUint8. */
const writing = /^(write|set)([A-Z]|$)/;
/** Built in and unchanging once made from their arguments, or changed only in ways that `changedInFunctions` finds. */
const plainClasses = new Set(
  ['Map', 'Set', 'Array', 'RegExp', 'URL', 'Date', 'TextEncoder', 'TextDecoder', 'Error', 'Intl'].concat([
    'Uint8Array',
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'Float64Array',
    'BigInt64Array',
    'ArrayBuffer',
    'DataView',
  ]),
);
const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

interface Binding {
  readonly name: string;
  /** Typed as something that cannot be changed: `ReadonlyMap`. */
  readonly isReadonly: boolean;
  readonly node: SyntaxNode;
  readonly init: unknown;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? String(node.name) : undefined;
}

/** The object that a member expression ends at: `a` of `a.b[c]`. */
function rootOf(node: unknown): string | undefined {
  let current = node;
  while (isNode(current) && current.type === 'MemberExpression') current = current.object;
  return nameOf(current);
}

function isReadonlyReference(type: unknown): boolean {
  return isNode(type) && /^Readonly/.test(String((type.typeName as SyntaxNode | undefined)?.name));
}

/** Names of types that stand for something unchangeable: `type Sessions = ReadonlyMap<string, number>`. */
function readonlyAliases(sources: readonly SourceFile[]): Set<string> {
  const names = new Set<string>();
  for (const { ast } of sources) {
    for (const statement of ast.body as readonly SyntaxNode[]) {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (
        isNode(declaration) &&
        declaration.type === 'TSTypeAliasDeclaration' &&
        isReadonlyReference(declaration.typeAnnotation)
      )
        names.add(nameOf(declaration.id) ?? '');
    }
  }
  return names;
}

function isReadonlyType(id: unknown, aliases: ReadonlySet<string>): boolean {
  const type = isNode(id) ? (id.typeAnnotation as SyntaxNode | undefined)?.typeAnnotation : undefined;
  return isReadonlyReference(type) || (isNode(type) && aliases.has(nameOf(type.typeName) ?? ''));
}

function isEmptyContainer(init: unknown): boolean {
  if (!isNode(init)) return false;
  if (init.type === 'NewExpression') {
    const name = nameOf(init.callee);
    const isFilled = (init.arguments as unknown[]).length > 0;
    return name === 'WeakMap' || name === 'WeakSet' || ((name === 'Map' || name === 'Set') && !isFilled);
  }
  return false;
}

function isInstance(init: unknown): boolean {
  if (!isNode(init) || init.type !== 'NewExpression') return false;
  const root = rootOf(init.callee);
  return root !== undefined && !plainClasses.has(root) && !root.startsWith('Weak');
}

/** `hiddenField()` of engine/formats is a private field on the data that it is set on: it goes with the data. */
function isHiddenField(init: unknown): boolean {
  return isNode(init) && init.type === 'CallExpression' && nameOf(init.callee) === 'hiddenField';
}

/** Names of module-level bindings whose content some function changes: `x.y = 1`, `x[0]++`, `delete x.y`, `x.push(1)`. */
function changedInFunctions(source: SourceFile): Set<string> {
  const changed = new Set<string>();
  const note = (target: unknown) => {
    const root = isNode(target) && target.type === 'MemberExpression' ? rootOf(target) : undefined;
    if (root !== undefined) changed.add(root);
  };
  const inside = (root: SyntaxNode, shadowed: ReadonlySet<string>): void => {
    const own = new Set(shadowed);
    const found: unknown[] = [];
    for (const parameter of (root.params as readonly SyntaxNode[] | undefined) ?? [])
      walk(parameter, (node) => {
        const name = nameOf(node);
        if (name !== undefined) own.add(name);
        return undefined;
      });
    walk(root, (node) => {
      if (node !== root && functionTypes.has(node.type)) {
        inside(node, own);
        return false;
      }
      if (node.type === 'VariableDeclarator') {
        walk(node.id as SyntaxNode, (part) => {
          const name = nameOf(part);
          if (name !== undefined) own.add(name);
          return undefined;
        });
      }
      if (node.type === 'AssignmentExpression') found.push(node.left);
      if (node.type === 'UpdateExpression' || (node.type === 'UnaryExpression' && node.operator === 'delete'))
        found.push(node.argument);
      if (node.type === 'CallExpression' && (node.callee as SyntaxNode).type === 'MemberExpression') {
        const method = nameOf((node.callee as SyntaxNode).property);
        if (method !== undefined && (changing.has(method) || writing.test(method))) found.push(node.callee);
      }
      return undefined;
    });
    for (const target of found) if (!own.has(rootOf(target) ?? '')) note(target);
  };
  walk(source.ast, (node) => {
    if (!functionTypes.has(node.type)) return undefined;
    inside(node, new Set());
    return false;
  });
  return changed;
}

function moduleBindings(
  source: SourceFile,
  aliases: ReadonlySet<string>,
): { readonly kind: string; readonly binding: Binding }[] {
  return (source.ast.body as readonly SyntaxNode[]).flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (!isNode(declaration) || declaration.type !== 'VariableDeclaration' || declaration.declare === true) return [];
    return (declaration.declarations as readonly SyntaxNode[]).map((node) => ({
      kind: String(declaration.kind),
      binding: { name: nameOf(node.id) ?? '', isReadonly: isReadonlyType(node.id, aliases), node, init: node.init },
    }));
  });
}

/** Static fields of classes that can be set, or that start as an empty container. */
function staticFields(source: SourceFile): Binding[] {
  const found: Binding[] = [];
  walk(source.ast, (node) => {
    if (node.type !== 'PropertyDefinition' || node.static !== true) return undefined;
    const key = node.key as SyntaxNode;
    const name = `${key.type === 'PrivateIdentifier' ? '#' : ''}${String(key.name)}`;
    if (node.readonly !== true || isEmptyContainer(node.value) || isInstance(node.value))
      found.push({ name, isReadonly: false, node, init: node.value });
    return undefined;
  });
  return found;
}

/**
 * State that lives as long as the process and is shared by all that runs in it: two runs, two brokers of a simulation, two tests.
 * A module-level `let`; a constant container that starts empty, that some function changes, or an object of a class; a static field
 * that can be set. `exceptions` are `path#name`.
 */
export function moduleState(sources: readonly SourceFile[], exceptions: ReadonlySet<string> = new Set()): string[] {
  const aliases = readonlyAliases(sources);
  return sources
    .filter(({ isTest, isTestHelper }) => !isTest && !isTestHelper)
    .flatMap((source) => {
      const changed = changedInFunctions(source);
      const shared = moduleBindings(source, aliases).flatMap(({ kind, binding }) => {
        const why =
          kind !== 'const'
            ? `a module-level ${kind}`
            : changed.has(binding.name) && !isHiddenField(binding.init)
              ? 'changed by a function'
              : isEmptyContainer(binding.init) && !binding.isReadonly
                ? 'a container that starts empty'
                : isInstance(binding.init)
                  ? 'an object of a class'
                  : undefined;
        return why === undefined ? [] : [{ ...binding, why }];
      });
      const fields = staticFields(source).map((field) => ({ ...field, why: 'a static field' }));
      return [...shared, ...fields]
        .filter(({ name }) => !exceptions.has(`${source.path}#${name}`))
        .map(
          ({ name, node, why }) =>
            `${source.path}:${lineAt(source.text, node.start)} has module-level state: ${name}, ${why}; hand it in, or say why in exceptions.ts`,
        );
    });
}
