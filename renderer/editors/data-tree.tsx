import type { DragEvent, KeyboardEvent } from 'react';
import { useRef, useState } from 'react';
import { classNames } from '../kit/class-names.ts';
import { Glyph } from '../kit/glyph.tsx';
import type { DataRow } from './data-rows.ts';
import { dataRows } from './data-rows.ts';
import type { Preview } from './use-preview.ts';

interface DataTreeProps {
  readonly preview: Preview;
  /** A path was chosen: double-click or Enter. Dragging hands it over by itself. */
  readonly onPick: (path: string) => void;
}

/** What expressions can read here, with the sample's values. */
export function DataTree({ preview, onPick }: DataTreeProps) {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [active, setActive] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const rows = visibleRows(preview, toggled);
  const toggle = (row: DataRow, open: boolean) => setToggled(new Map(toggled).set(row.path, open));
  const isOpen = (row: DataRow) => toggled.get(row.path) ?? isOpenAtFirst(row);
  const focusRow = (index: number) => {
    setActive(index);
    tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    if (row === undefined) return;
    if (event.key === 'ArrowDown') focusRow(Math.min(rows.length - 1, active + 1));
    else if (event.key === 'ArrowUp') focusRow(Math.max(0, active - 1));
    else if (event.key === 'ArrowRight' && row.hasChildren) toggle(row, true);
    else if (event.key === 'ArrowLeft' && row.hasChildren) toggle(row, false);
    else if (event.key === 'Enter') onPick(row.path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="tree" aria-label="Data that expressions can read" className="data-tree" ref={tree} onKeyDown={onKeyDown}>
      {rows.map((row, index) => (
        <DataTreeRow
          key={row.path}
          row={row}
          isOpen={isOpen(row)}
          isActive={index === active}
          onFocus={() => setActive(index)}
          onToggle={() => toggle(row, !isOpen(row))}
          onPick={() => onPick(row.path)}
        />
      ))}
    </div>
  );
}

/** Levels that are open before anybody touched them: outputs, and the value of a record. */
function isOpenAtFirst({ depth, path }: DataRow): boolean {
  return (depth === 0 && path !== 'job' && path !== 'properties') || (depth === 1 && path.endsWith('.value'));
}

function visibleRows(preview: Preview, toggled: ReadonlyMap<string, boolean>): readonly DataRow[] {
  const open = new Set([...toggled].filter(([, isOpen]) => isOpen).map(([path]) => path));
  // What opens by itself is known level by level, so rows are made until no more open.
  for (;;) {
    const rows = dataRows(preview.scope, preview.context, open);
    const more = rows.filter(
      (row) => row.hasChildren && !open.has(row.path) && !toggled.has(row.path) && isOpenAtFirst(row),
    );
    if (more.length === 0) return rows;
    for (const row of more) open.add(row.path);
  }
}

interface DataTreeRowProps {
  readonly row: DataRow;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onPick: () => void;
}

function DataTreeRow({ row, isOpen, isActive, onFocus, onToggle, onPick }: DataTreeRowProps) {
  const expansion = row.hasChildren ? { 'aria-expanded': isOpen } : {};
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      {...expansion}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      draggable
      className={classNames('data-row', row.depth === 0 && 'is-root')}
      style={{ paddingLeft: 8 + row.depth * 14 }}
      title={row.description === undefined ? row.path : `${row.path}: ${row.description}`}
      data-testid={`data-${row.path}`}
      onFocus={onFocus}
      onDragStart={(event: DragEvent) => {
        event.dataTransfer.setData('text/plain', row.path);
        event.dataTransfer.effectAllowed = 'copy';
      }}
      onClick={() => row.hasChildren && onToggle()}
      onDoubleClick={onPick}
      onKeyDown={undefined}
    >
      <span className="data-twist">
        {row.hasChildren ? <Glyph name={isOpen ? 'chevronDown' : 'chevronRight'} size={12} /> : null}
      </span>
      <span className="data-name">{row.name}</span>
      {row.sample === undefined ? (
        <span className="data-type">{row.type}</span>
      ) : (
        <span className="data-sample">{row.sample}</span>
      )}
    </div>
  );
}
