import type { ActivityDeclaration } from '../../../engine/spi/define-activity.ts';

/** One heading of the palette. */
export interface PaletteGroup {
  readonly group: string;
  readonly items: readonly ActivityDeclaration[];
}

/** Activities by group, in the palette's order; only those in which every typed word occurs. */
export function searchPalette(declarations: readonly ActivityDeclaration[], query: string): readonly PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, ActivityDeclaration[]>();
  for (const declaration of declarations) {
    const text = textOf(declaration);
    if (!words.every((word) => text.includes(word))) continue;
    groups.set(declaration.group, [...(groups.get(declaration.group) ?? []), declaration]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

function textOf({ title, type, group, kind, summary, keywords }: ActivityDeclaration): string {
  return [title, type, group, kind, summary, ...keywords].join(' ').toLowerCase();
}
