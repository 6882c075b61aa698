import type { ReactNode } from 'react';
import { ClusterPanel } from '../panels/cluster/cluster-panel.tsx';
import { JobsPanel } from '../panels/jobs/jobs-panel.tsx';
import { PalettePanel } from '../panels/palette/palette-panel.tsx';
import { ProblemsPanel } from '../panels/problems/problems-panel.tsx';
import { ProjectPanel } from '../panels/project/project-panel.tsx';
import { TopicsView } from '../panels/topics/topics-view.tsx';
import type { BottomPanel, DrawerName } from '../store/panel-list.ts';
import { LogPanel } from './log-panel.tsx';

/** Draws what the drawer on the left can show. */
export const drawers: Readonly<Record<DrawerName, () => ReactNode>> = {
  palette: () => <PalettePanel />,
  project: () => <ProjectPanel />,
};

/** Draws what the bottom drawer can show. */
export const bottomPanels: Readonly<Record<BottomPanel, () => ReactNode>> = {
  jobs: () => <JobsPanel />,
  problems: () => <ProblemsPanel />,
  topics: topicsView,
  cluster: () => <ClusterPanel />,
  log: () => <LogPanel />,
};

/** The topic browser, over the whole centre. */
export function topicsView(): ReactNode {
  return <TopicsView />;
}
