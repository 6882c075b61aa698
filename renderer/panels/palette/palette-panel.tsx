import './palette.css';
import type { CSSProperties, DragEvent, KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ActivityDeclaration } from '../../../engine/spi/define-activity.ts';
import { hueOf, iconOf } from '../../canvas/activity-appearance.ts';
import { activityMediaType } from '../../canvas/palette-drag.ts';
import { insertActivity } from '../../commands/insert-activity.ts';
import { Glyph } from '../../kit/glyph.tsx';
import { SvgIcon } from '../../kit/svg-icon.tsx';
import type { StudioStore } from '../../store/studio-store.ts';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import { searchPalette } from './search-palette.ts';

/** What can be drawn: drag it to the canvas, or double-click, or press Enter. */
export function PalettePanel() {
  const store = useStudioStore();
  const palette = useStudio((state) => state.palette);
  const [query, setQuery] = useState('');
  const search = useWantedSearch();
  const list = useRef<HTMLDivElement>(null);
  const groups = searchPalette([...palette.values()], query);
  // What was looked for has been found: the next one starts from the whole palette.
  const insert = (type: string) => {
    insertAfterSelected(store, type);
    setQuery('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    moveFocus(list.current, search.current, by);
  };
  return (
    <section className="panel nokey" aria-label="Palette" onKeyDown={onKeyDown}>
      <header className="panel-head">
        <h2>Palette</h2>
      </header>
      <div className="palette-search">
        <Glyph name="search" size={14} />
        <input
          ref={search}
          type="search"
          className="input"
          aria-label="Search the palette"
          placeholder="Search activities"
          data-testid="palette-search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const first = groups[0]?.items[0];
            if (event.key === 'Enter' && query !== '' && first !== undefined) insert(first.type);
            if (event.key === 'Escape') setQuery('');
          }}
        />
      </div>
      <div className="panel-scroll" ref={list}>
        {groups.length === 0 ? <p className="palette-none">No activity matches “{query}”.</p> : null}
        {groups.map(({ group, items }) => (
          <section key={group} aria-label={group} className="palette-group">
            <h3>{group}</h3>
            {items.map((declaration) => (
              <PaletteRow
                key={declaration.type}
                declaration={declaration}
                onInsert={() => insert(declaration.type)}
                onDropped={() => setQuery('')}
              />
            ))}
          </section>
        ))}
      </div>
    </section>
  );
}

interface PaletteRowProps {
  readonly declaration: ActivityDeclaration;
  readonly onInsert: () => void;
  /** It was let go on the canvas. */
  readonly onDropped: () => void;
}

const kindWords = { starter: 'starter', activity: '', resource: 'resource', scope: 'group', catch: '' } as const;

function PaletteRow({ declaration, onInsert, onDropped }: PaletteRowProps) {
  const { type, title, summary, kind } = declaration;
  return (
    <button
      type="button"
      draggable
      className="palette-row"
      style={hueOf(type) as CSSProperties}
      title={summary}
      data-testid={`palette-item-${type}`}
      onDragStart={(event) => startDrag(event, type)}
      onDragEnd={(event) => event.dataTransfer.dropEffect !== 'none' && onDropped()}
      onDoubleClick={onInsert}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onInsert();
      }}
    >
      <span className={`palette-tile ${kind === 'starter' ? 'is-starter' : ''}`}>
        <SvgIcon source={iconOf(type)} size={18} />
      </span>
      <span className="palette-title">{title}</span>
      <span className="palette-kind">{kindWords[kind]}</span>
    </button>
  );
}

function startDrag(event: DragEvent<HTMLElement>, type: string): void {
  event.dataTransfer.setData(activityMediaType, type);
  event.dataTransfer.effectAllowed = 'copy';
  const tile = event.currentTarget.querySelector('.palette-tile');
  if (tile !== null) event.dataTransfer.setDragImage(tile, 16, 16);
}

/** From the keyboard a new activity follows the marked one, wired to it. */
function insertAfterSelected(store: StudioStore, type: string): void {
  const { activities } = store.getState().selection;
  const only = activities.length === 1 ? activities[0] : undefined;
  insertActivity(store, { type, ...(only === undefined ? {} : { after: only }) });
}

/** The search field takes the keyboard when a command asked for it. */
function useWantedSearch() {
  const search = useRef<HTMLInputElement>(null);
  const { wantedField, show } = useStudio((state) => ({ wantedField: state.wantedField, show: state.show }));
  useEffect(() => {
    if (wantedField !== 'palette-search') return;
    search.current?.focus();
    search.current?.select();
    show({ wantedField: null });
  }, [wantedField, show]);
  return search;
}

function moveFocus(list: HTMLElement | null, search: HTMLElement | null, by: number): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('.palette-row') ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at + by;
  if (next < 0) search?.focus();
  else rows[Math.min(next, rows.length - 1)]?.focus();
}
