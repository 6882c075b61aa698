/** Words that are no names where they stand in front of a path or behind a point. */
const reserved: ReadonlySet<string> = new Set(['true', 'false', 'null', 'and', 'or', 'in', 'function']);

/** The name of a field as it is written in a path: plain, in backquotes, or in double quotes where it holds a backquote itself. */
export function quotedName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name)) return name;
  return name === '' || name.includes('`') ? JSON.stringify(name) : `\`${name}\``;
}
