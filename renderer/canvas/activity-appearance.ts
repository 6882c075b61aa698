const iconFiles = import.meta.glob<string>('../../palette/*/*/icon.svg', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Drawn for a type that the palette lacks. */
const unknownIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"><rect x="4" y="4" width="16" height="16" rx="4" stroke-dasharray="3 3"/><path d="M9.5 9.5c.2-1.400 1.200-2 2.500-2s2.500.8 2.500 2.200c0 1.900-2.500 2-2.500 4M12 16.5v.1"/></svg>';

/** The SVG text of a type's icon: the file `icon.svg` in its folder. */
export function iconOf(type: string): string {
  return iconFiles[`../../palette/${type.replace('.', '/')}/icon.svg`] ?? unknownIcon;
}

/** Groups that have a hue of their own in the tokens. */
const groupsWithHue: ReadonlySet<string> = new Set(['kafka', 'general', 'file']);

/** CSS variables that give a type the hue of its palette group. */
export function hueOf(type: string): Record<'--hue' | '--hue-soft', string> {
  const group = type.split('.')[0] ?? '';
  const hue = groupsWithHue.has(group) ? group : 'other';
  return { '--hue': `var(--hue-${hue})`, '--hue-soft': `var(--hue-${hue}-soft)` };
}
