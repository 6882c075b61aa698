/** The name for a field that takes what `path` reads: `quake.properties.mag` gives `mag`. Another one while that is taken. */
export function fieldNameFor(path: string, taken: Readonly<Record<string, unknown>>): string {
  const steps = path.match(/`[^`]+`|[A-Za-z_][A-Za-z0-9_]*/g) ?? [];
  const last = (steps.at(-1) ?? 'field').replaceAll('`', '').replace(/[^A-Za-z0-9_]+/g, '_');
  const name = /^[A-Za-z_]/.test(last) ? last : `_${last}`;
  if (!Object.hasOwn(taken, name)) return name;
  let number = 2;
  while (Object.hasOwn(taken, `${name}${number}`)) number += 1;
  return `${name}${number}`;
}
