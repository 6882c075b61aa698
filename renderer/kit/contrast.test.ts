import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** WCAG 2.2, 1.4.3: text of the sizes used here. */
const contrastMin = 4.5;

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const surfaces = ['canvas', 'panel', 'raised', 'sunken', 'app'].map((name) => `surface-${name}`);

/** Text and what it stands on. */
const pairs: readonly (readonly [text: string, ground: string])[] = [
  ...['ink', 'ink-soft', 'ink-faint'].flatMap((ink) => surfaces.map((ground) => [ink, ground] as const)),
  ...['accent', 'danger', 'warning', 'success', 'info', 'accent-ink'].flatMap((ink) =>
    ['surface-panel', 'surface-raised'].map((ground) => [ink, ground] as const),
  ),
  ...['success', 'warning', 'danger', 'info'].map((tone) => [tone, `${tone}-soft`] as const),
  ...['accent-ink', 'ink', 'ink-soft', 'danger'].map((ink) => [ink, 'accent-soft'] as const),
  ['ink-on-accent', 'accent'],
  ['ink-on-accent', 'accent-strong'],
  ['surface-panel', 'ink'],
  ['surface-canvas', 'ink-soft'],
  ['wire-condition', 'surface-canvas'],
  ['wire-error', 'surface-canvas'],
  ...['kafka', 'general', 'file', 'other'].flatMap((group) => [
    [`hue-${group}`, `hue-${group}-soft`] as const,
    ['ink', `hue-${group}-soft`] as const,
  ]),
  ['ink', 'danger-soft'],
  ...['name', 'function', 'string', 'number'].flatMap((part) =>
    ['surface-raised', 'surface-panel', 'surface-sunken'].map((ground) => [`syntax-${part}`, ground] as const),
  ),
];

/** Colours of a theme: the dark one says only what differs. */
function tokensOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const [light = '', dark = ''] = css.split(':root[data-theme="dark"]');
  const block = theme === 'light' ? light : light + (dark.split('}')[0] ?? '');
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', color = '']) => [name, color]),
  );
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, two: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(two)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const tokens = tokensOf(theme);
  it.each(pairs)(`can be read: %s on %s`, (text, ground) => {
    const [ink, behind] = [tokens.get(text), tokens.get(ground)];
    if (ink === undefined || behind === undefined) throw new Error(`expected tokens ${text} and ${ground}`);
    expect(contrast(ink, behind)).toBeGreaterThanOrEqual(contrastMin);
  });
});
