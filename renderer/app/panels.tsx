import type { ReactNode } from 'react';
import { ClusterPanel } from '../panels/cluster/cluster-panel.tsx';
import { JobsPanel } from '../panels/jobs/jobs-panel.tsx';
import { PalettePanel } from '../panels/palette/palette-panel.tsx';
import { ProblemsPanel } from '../panels/problems/problems-panel.tsx';
import { ProjectPanel } from '../panels/project/project-panel.tsx';
import { TopicsView } from '../panels/topics/topics-view.tsx';
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
    draw: () => <JobsPanel />,
  },
  { id: 'problems', label: 'Problems', draw: () => <ProblemsPanel /> },
  { id: 'topics', label: 'Topics', draw: topicsView },
  { id: 'cluster', label: 'Cluster', draw: () => <ClusterPanel /> },
  { id: 'log', label: 'Log', draw: () => <LogPanel /> },
];

/** The topic browser, over the whole centre. */
export function topicsView(): ReactNode {
  return <TopicsView />;
}
