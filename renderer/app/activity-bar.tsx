import { useEffect, useRef } from 'react';
import { runCommand } from '../commands/run-command.ts';
import { showShortcuts } from '../commands/show-shortcuts.ts';
import { IconButton } from '../kit/button.tsx';
import type { BottomPanel } from '../store/panel-list.ts';
import { bottomList, drawerList, panelsOf } from '../store/panel-list.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** The narrow bar at the left edge: which drawers are open. */
export function ActivityBar() {
  const store = useStudioStore();
  const { view, drawer, bottom, show } = useStudio((state) => ({
    view: state.view,
    drawer: state.drawer,
    bottom: state.bottom,
    show: state.show,
  }));
  const opened = useOpenedByRun();
  const toggleBottom = (id: BottomPanel) => {
    const isShown = view === 'design' && bottom === id;
    // Run has just opened it: who presses "Jobs" now wants to see them, and not to close what he has not looked at.
    const isNews = isShown && opened.current === id;
    opened.current = null;
    if (isNews) document.querySelector<HTMLElement>('.bottom-body [role=listbox], .bottom-head [role=tab]')?.focus();
    else show({ view: 'design', bottom: isShown ? null : id });
  };
  return (
    <nav className="activity-bar" aria-label="Panels">
      {panelsOf(drawerList).map(({ id, glyph, label, keys }) => (
        <IconButton
          key={id}
          glyph={glyph}
          label={label}
          shortcut={keys}
          tooltipSide="right"
          pressed={view === 'design' && drawer === id}
          onClick={() => show({ view: 'design', drawer: view === 'design' && drawer === id ? null : id })}
        />
      ))}
      <hr />
      {panelsOf(bottomList)
        .filter(({ isTabOnly }) => !isTabOnly)
        .map(({ id, glyph, label }) => (
          <IconButton
            key={id}
            glyph={glyph}
            label={label}
            tooltipSide="right"
            pressed={view === 'design' && bottom === id}
            onClick={() => toggleBottom(id)}
          />
        ))}
      <span className="activity-bar-gap" />
      <IconButton
        glyph="keyboard"
        label="Keyboard shortcuts"
        shortcut="?"
        tooltipSide="right"
        onClick={() => runCommand(store, showShortcuts)}
      />
    </nav>
  );
}

/** The bottom panel that Run opened by itself, until the user had anything to do with it. */
function useOpenedByRun() {
  const { bottom, run } = useStudio((state) => ({ bottom: state.bottom, run: state.run }));
  const opened = useRef<BottomPanel>(null);
  const before = useRef(bottom);
  /** The run whose jobs have been opened: whoever opens them again is the user. */
  const seen = useRef<string>(null);
  useEffect(() => {
    if (bottom === before.current) return;
    before.current = bottom;
    // Run shows the jobs as soon as the studio has taken the start.
    opened.current = bottom === 'jobs' && run.state === 'running' && run.runId !== seen.current ? bottom : null;
    if (bottom === 'jobs') seen.current = run.runId;
  }, [bottom, run]);
  useEffect(() => {
    const onPress = (event: Event) => {
      if (event.target instanceof Element && event.target.closest('.bottom-drawer') !== null) opened.current = null;
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, []);
  return opened;
}
