import type { KeyboardEvent } from 'react';
import { useMemo, useState } from 'react';
import { commands } from '../commands/commands.ts';
import { insertActivity } from '../commands/insert-activity.ts';
import { runCommand } from '../commands/run-command.ts';
import { classNames } from '../kit/class-names.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Glyph } from '../kit/glyph.tsx';
import { Kbd } from '../kit/kbd.tsx';
import type { StudioStore } from '../store/studio-store.ts';
import { useStudioStore } from '../store/use-studio.ts';
import { rankMatches } from './rank-matches.ts';

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** Entries that a page key moves by. */
const pageRows = 8;

/** Entries drawn at once; typing narrows the rest. */
const entriesShownMax = 60;

/** Search for anything that can be done: commands, processes and activities to go to, activities to add. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const store = useStudioStore();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const entries = useMemo(() => entriesOf(store), [store]);
  const shown = rankMatches(query, entries, (entry) => `${entry.title} ${entry.group}`).slice(0, entriesShownMax);
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) setActive((at) => (at + by + shown.length) % Math.max(1, shown.length));
    else if (event.key === 'PageDown') setActive((at) => Math.min(shown.length - 1, at + pageRows));
    else if (event.key === 'PageUp') setActive((at) => Math.max(0, at - pageRows));
    else if (event.key === 'Enter') choose(shown[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Commands" onClose={onClose} width={600}>
      <div className="command-palette" data-testid="command-palette">
        <input
          className="input command-search"
          role="combobox"
          aria-label="Search commands"
          aria-expanded="true"
          aria-controls="command-list"
          aria-activedescendant={shown[active] === undefined ? undefined : `command-${active}`}
          placeholder="Type a command, an activity or a process"
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        {shown.length === 0 ? (
          <p role="status" className="option-note">
            Nothing is called “{query}”.
          </p>
        ) : null}
        <div id="command-list" role="listbox" aria-label="Commands" className="command-list">
          {shown.map((entry, index) => (
            <div
              key={entry.id}
              id={`command-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={classNames('command-row', index === active && 'is-active')}
              ref={index === active ? scrollIntoView : null}
              onClick={() => choose(entry)}
              onKeyDown={undefined}
            >
              <Glyph name="chevronRight" size={12} />
              <span className="command-title">{entry.title}</span>
              <span className="command-group">{entry.group}</span>
              {entry.keys === undefined ? null : <Kbd keys={entry.keys} />}
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView?.({ block: 'nearest' });
}

function entriesOf(store: StudioStore): Entry[] {
  const state = store.getState();
  const possible = commands.filter((command) => !command.isHidden && command.canRun(state));
  const processes = Object.values(state.project?.processes ?? {});
  return [
    ...possible.map((command) => ({
      id: command.id,
      group: command.group,
      title: command.title,
      keys: command.shortcuts?.[0],
      run: () => void runCommand(store, command),
    })),
    ...(state.activeProcess === null ? [] : [...state.palette.values()]).map((declaration) => ({
      id: `add ${declaration.type}`,
      group: 'Add',
      title: `Add ${declaration.title}`,
      run: () => void insertActivity(store, { type: declaration.type, ...afterSelected(store) }),
    })),
    ...processes.map((process) => ({
      id: `process ${process.id}`,
      group: 'Process',
      title: process.name,
      run: () => state.openProcess(process.id),
    })),
    ...processes.flatMap((process) =>
      Object.values(process.activities).map((activity) => ({
        id: `activity ${process.id} ${activity.id}`,
        group: `in ${process.name}`,
        title: activity.name,
        run: () => {
          state.openProcess(process.id, { activities: [activity.id] });
          requestAnimationFrame(() => store.getState().canvas?.reveal(activity.id));
        },
      })),
    ),
  ];
}

function afterSelected(store: StudioStore): { after?: string } {
  const { activities } = store.getState().selection;
  const only = activities.length === 1 ? activities[0] : undefined;
  return only === undefined ? {} : { after: only };
}
