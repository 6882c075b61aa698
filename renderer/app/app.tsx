import { useState } from 'react';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
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
  const { view, hasProject, notices, dismissNotice } = useStudio((state) => ({
    view: state.view,
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
          <main className="app-view">{topicsView()}</main>
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
  const drawer = useStudio((state) => state.drawer);
  const hasBottom = useStudio((state) => state.bottom !== null);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const centre = (
    <main className="app-centre">
      <ProcessTabs />
      <RunFailureBar />
      <FlowCanvas onMenu={(x, y) => setMenu({ x, y })} />
      {menu === null ? null : <CanvasMenu at={menu} onClose={() => setMenu(null)} />}
    </main>
  );
  const middle = (
    <SplitPane
      id="bottom"
      direction="column"
      sized="second"
      initial={240}
      min={120}
      max={640}
      label="Height of the bottom panel"
      collapsed={!hasBottom}
      first={centre}
      second={<BottomDrawer />}
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
      second={<PropertiesPanel />}
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
      first={drawer === null ? null : drawers[drawer]()}
      second={right}
    />
  );
}
