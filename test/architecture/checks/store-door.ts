import { isInModule } from '../import-table.ts';
import type { SourceFile, SyntaxNode } from '../source-tree.ts';
import { lineAt, walk } from '../source-tree.ts';

/** Calls of the store's `setState` outside `renderer/store`: whoever wants to change state calls an action of a slice. */
export function backDoors(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path, isTest }) => !isTest && isInModule(path, 'renderer') && !isInModule(path, 'renderer/store'))
    .flatMap((source) => {
      const found: string[] = [];
      walk(source.ast, (node) => {
        // A component of React has a setState of its own.
        const isOwn = (node.object as SyntaxNode | undefined)?.type === 'ThisExpression';
        if (node.type === 'MemberExpression' && (node.property as SyntaxNode).name === 'setState' && !isOwn)
          found.push(
            `${source.path}:${lineAt(source.text, node.start)} uses setState; outside renderer/store state changes by actions only`,
          );
        return undefined;
      });
      return found;
    });
}
