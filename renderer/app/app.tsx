import { useState } from 'react';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { ErrorBoundary } from '../kit/error-boundary.tsx';
import { SplitPane } from '../kit/split-pane.tsx';
import { Toasts } from '../kit/toast.tsx';
import { PropertiesPanel } from '../panels/properties/properties-panel.tsx';
import { useStudio } from '../store/use-studio.ts';
import { ActivityBar } from './activity-bar.tsx';
import { BottomDrawer } from './bottom-drawer.tsx';
import { CanvasMenu } from './canvas-menu.tsx';
import { Overlays } from './overlays.tsx';
import { drawers, topicsView } from './panels.tsx';
import { ProcessTabs } from './process-tabs.tsx';
import { RunFailureBar } from './run-failure-bar.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { Welcome } from './welcome.tsx';

/** The window. */
export function App() {
  const { view, browse, hasProject, notices, dismissNotice } = useStudio((state) => ({
    view: state.view,
    browse: state.browse,
    hasProject: state.project !== null,
    notices: state.notices,
    dismissNotice: state.dismissNotice,
  }));
  return (
    <div className="app">
      <TopBar />
      <div className="app-body">
        <ActivityBar />
        {view === 'topics' ? (
          <main className="app-view">
            <ErrorBoundary name="the topics" subject={browse}>
              {topicsView()}
            </ErrorBoundary>
          </main>
        ) : hasProject ? (
          <DesignView />
        ) : (
          <Welcome />
        )}
      </div>
      <StatusBar />
      <Overlays />
      <Toasts messages={notices} onClose={dismissNotice} />
    </div>
  );
}

function DesignView() {
  const { drawer, bottom } = useStudio((state) => ({
    drawer: state.drawer,
    bottom: state.bottom,
  }));
  const middle = (
    <SplitPane
      id="bottom"
      direction="column"
      sized="second"
      initial={240}
      min={120}
      max={640}
      label="Height of the bottom panel"
      collapsed={bottom === null}
      first={<Centre />}
      second={
        <ErrorBoundary name="this panel" subject={bottom}>
          <BottomDrawer />
        </ErrorBoundary>
      }
    />
  );
  const right = (
    <SplitPane
      id="properties"
      direction="row"
      sized="second"
      initial={372}
      min={280}
      max={960}
      label="Width of the properties"
      first={middle}
      second={<Properties />}
    />
  );
  return (
    <SplitPane
      id="drawer"
      direction="row"
      sized="first"
      initial={236}
      min={180}
      max={480}
      label="Width of the side panel"
      collapsed={drawer === null}
      first={
        drawer === null ? null : (
          <ErrorBoundary name="this panel" subject={drawer}>
            {drawers[drawer]()}
          </ErrorBoundary>
        )
      }
      second={right}
    />
  );
}

/** The process on the canvas. */
function Centre() {
  const process = useStudio((state) => state.activeProcess);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number } | null>(null);
  return (
    <main className="app-centre">
      <ProcessTabs />
      <RunFailureBar />
      <ErrorBoundary name="the canvas" subject={process}>
        <FlowCanvas onMenu={(x, y) => setMenu({ x, y })} />
      </ErrorBoundary>
      {menu === null ? null : <CanvasMenu at={menu} onClose={() => setMenu(null)} />}
    </main>
  );
}

/** Follows the selection by itself, so that marking something draws this part anew and not the whole view. */
function Properties() {
  const selection = useStudio((state) => state.selection);
  return (
    <ErrorBoundary name="the properties" subject={selection}>
      <PropertiesPanel />
    </ErrorBoundary>
  );
}
