import type { GlyphName } from '../kit/glyph.tsx';

/** A part of the window that can be shown: its buttons, tabs and commands are made from this. */
export interface PanelEntry {
  readonly label: string;
  readonly glyph: GlyphName;
  /** Shortcut of the command that shows it; there is no such command without one. */
  readonly keys?: string;
  /** Has no button in the bar at the left edge. */
  readonly isTabOnly?: boolean;
}

/** What the drawer on the left can show, in the order of its buttons. */
export const drawerList = {
  palette: { label: 'Palette', glyph: 'palette', keys: 'Ctrl+Shift+1' },
  project: { label: 'Project', glyph: 'project', keys: 'Ctrl+Shift+2' },
} as const satisfies Record<string, PanelEntry>;

/** What the drawer at the bottom can show, in the order of its tabs. */
export const bottomList = {
  jobs: { label: 'Jobs', glyph: 'jobs' },
  problems: { label: 'Problems', glyph: 'problems', keys: 'Ctrl+Shift+M', isTabOnly: true },
  topics: { label: 'Topics', glyph: 'topics', isTabOnly: true },
  cluster: { label: 'Cluster', glyph: 'cluster' },
  log: { label: 'Log', glyph: 'log' },
} as const satisfies Record<string, PanelEntry>;

/** What the centre can show, in the order of its tabs. */
export const viewList = {
  design: { label: 'Design', glyph: 'design', keys: 'Alt+1' },
  topics: { label: 'Topics', glyph: 'topics', keys: 'Alt+2' },
} as const satisfies Record<string, PanelEntry>;

export type DrawerName = keyof typeof drawerList;
export type BottomPanel = keyof typeof bottomList;
export type CentreView = keyof typeof viewList;

/** The entries of a list with their names, in order. */
export function panelsOf<Id extends string>(
  list: Readonly<Record<Id, PanelEntry>>,
): (PanelEntry & { readonly id: Id })[] {
  return (Object.keys(list) as Id[]).map((id) => ({ id, ...list[id] }));
}
