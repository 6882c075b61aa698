import { runCommand } from '../commands/run-command.ts';
import { showShortcuts } from '../commands/show-shortcuts.ts';
import { IconButton } from '../kit/button.tsx';
import type { GlyphName } from '../kit/glyph.tsx';
import type { BottomPanel, DrawerName } from '../store/session-slice.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

const drawerButtons: readonly {
  readonly id: DrawerName;
  readonly glyph: GlyphName;
  readonly label: string;
  readonly keys: string;
}[] = [
  { id: 'palette', glyph: 'palette', label: 'Palette', keys: 'Ctrl+Shift+1' },
  { id: 'project', glyph: 'project', label: 'Project', keys: 'Ctrl+Shift+2' },
];

const bottomButtons: readonly { readonly id: BottomPanel; readonly glyph: GlyphName; readonly label: string }[] = [
  { id: 'jobs', glyph: 'jobs', label: 'Jobs' },
  { id: 'cluster', glyph: 'cluster', label: 'Cluster' },
  { id: 'log', glyph: 'log', label: 'Log' },
];

/** The narrow bar at the left edge: which drawers are open. */
export function ActivityBar() {
  const store = useStudioStore();
  const { view, drawer, bottom, show } = useStudio((state) => ({
    view: state.view,
    drawer: state.drawer,
    bottom: state.bottom,
    show: state.show,
  }));
  return (
    <nav className="activity-bar" aria-label="Panels">
      {drawerButtons.map(({ id, glyph, label, keys }) => (
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
      {bottomButtons.map(({ id, glyph, label }) => (
        <IconButton
          key={id}
          glyph={glyph}
          label={label}
          tooltipSide="right"
          pressed={view === 'design' && bottom === id}
          onClick={() => show({ view: 'design', bottom: view === 'design' && bottom === id ? null : id })}
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
