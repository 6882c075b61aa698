import { commands } from '../commands/commands.ts';
import { redo } from '../commands/redo.ts';
import { runCommand } from '../commands/run-command.ts';
import { runProject } from '../commands/run-project.ts';
import { save } from '../commands/save.ts';
import { showCommands } from '../commands/show-commands.ts';
import { stopRun } from '../commands/stop-run.ts';
import { toggleTheme } from '../commands/toggle-theme.ts';
import { undo } from '../commands/undo.ts';
import type { Tone } from '../kit/badge.tsx';
import { StatusDot } from '../kit/badge.tsx';
import { Button, IconButton } from '../kit/button.tsx';
import { Glyph } from '../kit/glyph.tsx';
import { Kbd } from '../kit/kbd.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { isDirty } from '../store/document-slice.ts';
import { panelsOf, viewList } from '../store/panel-list.ts';
import { isRunning } from '../store/selectors.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import { Brand } from './brand.tsx';

/** The bar at the top: project, views, run and stop, save, commands, theme. */
export function TopBar() {
  const view = useStudio((state) => state.view);
  const show = useStudio((state) => state.show);
  return (
    <header className="top-bar">
      <Brand />
      <ProjectName />
      <Tabs
        label="View"
        look="segment"
        items={panelsOf(viewList).map(({ id, label }) => ({ id, label, testId: `view-${id}` }))}
        selected={view}
        onSelect={(next) => show({ view: next })}
      />
      <CommandButton />
      <HistoryButtons />
      <RunButtons />
      <SaveButton />
      <ThemeButton />
    </header>
  );
}

function ProjectName() {
  const { name, dirty, path } = useStudio((state) => ({
    name: state.project?.name,
    dirty: isDirty(state),
    path: state.projectPath,
  }));
  return (
    <span className="project-name" title={path === null ? undefined : `${name ?? ''}\n${path}`}>
      <span>{name ?? 'No project'}</span>
      {dirty ? <span className="dirty-mark" role="img" aria-label="Unsaved changes" title="Unsaved changes" /> : null}
    </span>
  );
}

function CommandButton() {
  const store = useStudioStore();
  return (
    <button type="button" className="command-button" onClick={() => runCommand(store, showCommands)}>
      <Glyph name="search" size={14} />
      <span>Search commands and activities</span>
      <Kbd keys="Ctrl+K" />
    </button>
  );
}

function HistoryButtons() {
  const store = useStudioStore();
  const { undoLabel, redoLabel } = useStudio((state) => ({
    undoLabel: state.history.past.at(-1)?.label,
    redoLabel: state.history.future[0]?.label,
  }));
  return (
    <span className="button-row">
      <IconButton
        glyph="undo"
        label={undoLabel === undefined ? 'Nothing to undo' : `Undo ${undoLabel.toLowerCase()}`}
        shortcut="Ctrl+Z"
        disabled={undoLabel === undefined}
        onClick={() => runCommand(store, undo)}
      />
      <IconButton
        glyph="redo"
        label={redoLabel === undefined ? 'Nothing to redo' : `Redo ${redoLabel.toLowerCase()}`}
        shortcut="Ctrl+Shift+Z"
        disabled={redoLabel === undefined}
        onClick={() => runCommand(store, redo)}
      />
    </span>
  );
}

const runTones: Readonly<Record<string, Tone>> = {
  idle: 'neutral',
  starting: 'warning',
  running: 'success',
  stopping: 'warning',
  stopped: 'neutral',
  failed: 'danger',
};

const runTexts: Readonly<Record<string, string>> = {
  idle: 'Not running',
  starting: 'Starting…',
  running: 'Running',
  stopping: 'Stopping…',
  stopped: 'Stopped',
  failed: 'Failed',
};

function RunButtons() {
  const store = useStudioStore();
  const { state, isKnown, failure, running, canStart } = useStudio((current) => ({
    state: current.run.state,
    isKnown: current.connection === 'open' || current.run.state === 'idle',
    failure: current.run.failure?.message,
    running: isRunning(current),
    canStart: runProject.canRun(current),
  }));
  return (
    <span className="run-group">
      <span
        className={`run-state run-${state}`}
        data-testid="run-state"
        data-state={state}
        title={failure}
        role="status"
      >
        <StatusDot tone={isKnown ? (runTones[state] ?? 'neutral') : 'neutral'} pulse={running && isKnown} />
        {isKnown ? runTexts[state] : 'Not known'}
      </span>
      {running ? (
        <Button
          look="danger"
          glyph="stop"
          data-testid="stop-button"
          disabled={state === 'stopping' || !isKnown}
          onClick={() => runCommand(store, stopRun)}
        >
          Stop
        </Button>
      ) : (
        <Button
          look="primary"
          glyph="play"
          data-testid="run-button"
          disabled={!canStart}
          onClick={() => runCommand(store, runProject)}
        >
          Run
        </Button>
      )}
    </span>
  );
}

function SaveButton() {
  const store = useStudioStore();
  const { dirty, isSaving } = useStudio((state) => ({ dirty: isDirty(state), isSaving: state.isSaving }));
  return (
    <Button
      glyph="save"
      data-testid="save-button"
      disabled={!dirty || isSaving}
      onClick={() => runCommand(store, save)}
    >
      {isSaving ? 'Saving…' : dirty ? 'Save' : 'Saved'}
    </Button>
  );
}

function ThemeButton() {
  const store = useStudioStore();
  const theme = useStudio((state) => state.theme);
  const keys = commands.find((command) => command.id === toggleTheme.id)?.shortcuts?.[0];
  return (
    <IconButton
      glyph={theme === 'dark' ? 'sun' : 'moon'}
      label={theme === 'dark' ? 'Use light colours' : 'Use dark colours'}
      shortcut={keys}
      tooltipSide="left"
      data-testid="theme-toggle"
      onClick={() => runCommand(store, toggleTheme)}
    />
  );
}
