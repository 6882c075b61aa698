/**
 * Replaces the name at the head of paths: `receive.value` becomes `inbox.value`. Texts, back-quoted names, comments and
 * variables are passed over, and so are names further down a path (`a.receive` stays).
 */
export function renameInExpression(text: string, from: string, to: string): string {
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|`[^`]*`|\$?[A-Za-z_][A-Za-z0-9_]*/g;
  return text.replace(token, (found, offset: number) => {
    if (found !== from && found !== `\`${from}\``) return found;
    return isPathTail(text, offset) ? found : to;
  });
}

/** True when what stands before `offset` is a single dot, so that the name there belongs to something else. */
function isPathTail(text: string, offset: number): boolean {
  const before = text.slice(0, offset).trimEnd();
  return before.endsWith('.') && !before.endsWith('..');
}
