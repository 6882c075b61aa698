import { Badge } from '../kit/badge.tsx';
import { IconButton } from '../kit/button.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { bottomList, panelsOf } from '../store/panel-list.ts';
import { worstSeverity } from '../store/selectors.ts';
import { useStudio } from '../store/use-studio.ts';
import { bottomPanels } from './panels.tsx';

/** The drawer below the canvas. */
export function BottomDrawer() {
  const { bottom, show } = useStudio((state) => ({ bottom: state.bottom, show: state.show }));
  const problems = useStudio((state) => state.problems);
  const severity = worstSeverity(problems);
  const mark =
    severity === undefined ? null : <Badge tone={severity === 'error' ? 'danger' : 'warning'}>{problems.length}</Badge>;
  return (
    <section className="bottom-drawer" aria-label="Bottom panel">
      <header className="bottom-head">
        <Tabs
          label="Bottom panel"
          items={panelsOf(bottomList).map(({ id, label }) => ({
            id,
            label,
            mark: id === 'problems' ? mark : null,
            testId: `bottom-${id}`,
          }))}
          selected={bottom ?? undefined}
          onSelect={(id) => show({ bottom: id })}
        />
        <IconButton
          glyph="close"
          label="Close the panel"
          shortcut="Ctrl+J"
          tooltipSide="left"
          onClick={() => show({ bottom: null })}
        />
      </header>
      <div className="bottom-body" role="tabpanel" aria-label={bottom === null ? undefined : bottomList[bottom].label}>
        {bottom === null ? null : bottomPanels[bottom]()}
      </div>
    </section>
  );
}
