import type { ReactNode } from 'react';
import { EmptyState } from '../kit/empty-state.tsx';
import { PalettePanel } from '../panels/palette/palette-panel.tsx';
import { ProblemsPanel } from '../panels/problems/problems-panel.tsx';
import { ProjectPanel } from '../panels/project/project-panel.tsx';
import type { BottomPanel, DrawerName } from '../store/session-slice.ts';
import { LogPanel } from './log-panel.tsx';

/** What the drawer on the left can show. */
export const drawers: Readonly<Record<DrawerName, () => ReactNode>> = {
  palette: () => <PalettePanel />,
  project: () => <ProjectPanel />,
};

interface BottomPanelEntry {
  readonly id: BottomPanel;
  readonly label: string;
  readonly draw: () => ReactNode;
}

/** What the bottom drawer can show, in the order of its tabs. */
export const bottomPanels: readonly BottomPanelEntry[] = [
  {
    id: 'jobs',
    label: 'Jobs',
    draw: () => <EmptyState glyph="jobs" title="No jobs yet" hint="Press Run to start the project." />,
  },
  { id: 'problems', label: 'Problems', draw: () => <ProblemsPanel /> },
  { id: 'topics', label: 'Topics', draw: topicsView },
  { id: 'cluster', label: 'Cluster', draw: () => <EmptyState glyph="cluster" title="No cluster is running" /> },
  { id: 'log', label: 'Log', draw: () => <LogPanel /> },
];

/** The topic browser, over the whole centre. */
export function topicsView(): ReactNode {
  return <EmptyState glyph="topics" title="No topics yet" hint="Topics of the cluster are shown here." />;
}
