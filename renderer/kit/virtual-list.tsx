import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';

interface VirtualListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** px; every row has it. */
  readonly rowHeight: number;
  readonly renderRow: (item: T) => ReactNode;
  readonly selectedKey?: string | undefined;
  readonly onSelect?: (item: T) => void;
  /** Enter or double-click. */
  readonly onActivate?: (item: T) => void;
  readonly testIdOf?: (item: T) => string;
  readonly testId?: string;
}

/** Rows drawn above and below the visible ones. */
const overscanRows = 6;

/** Rows of one height, of which only the visible ones exist. Arrows, Home, End and Page keys move the selection. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, items, keyOf, rowHeight, selectedKey, onSelect, onActivate } = props;
  const box = useRef<HTMLDivElement>(null);
  const listId = useId();
  const { top, height, onScroll } = useViewport(box);
  const first = Math.max(0, Math.floor(top / rowHeight) - overscanRows);
  const visible = items.slice(first, Math.ceil((top + height) / rowHeight) + overscanRows);
  const selectedAt = selectedKey === undefined ? -1 : items.findIndex((item) => keyOf(item) === selectedKey);
  const isDrawn = selectedAt >= first && selectedAt < first + visible.length;
  const onKeyDown = (event: KeyboardEvent) => {
    const current = items[selectedAt];
    if (event.key === 'Enter' && current !== undefined) onActivate?.(current);
    const target = rowTarget(event.key, selectedAt, items.length, Math.max(1, Math.floor(height / rowHeight) - 1));
    const item = target === undefined ? undefined : items[target];
    if (item === undefined || target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect?.(item);
    revealRow(box.current, target, rowHeight);
  };
  return (
    <div
      ref={box}
      role="listbox"
      aria-label={label}
      aria-activedescendant={isDrawn ? `${listId}-${selectedAt}` : undefined}
      tabIndex={0}
      className="virtual-list"
      data-testid={props.testId}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: items.length * rowHeight, position: 'relative' }} role="presentation">
        {visible.map((item, index) => (
          <div
            key={keyOf(item)}
            id={`${listId}-${first + index}`}
            role="option"
            tabIndex={-1}
            aria-selected={keyOf(item) === selectedKey}
            aria-setsize={items.length}
            aria-posinset={first + index + 1}
            className={classNames('virtual-row', keyOf(item) === selectedKey && 'is-selected')}
            style={{ top: (first + index) * rowHeight, height: rowHeight }}
            data-testid={props.testIdOf?.(item)}
            onClick={() => onSelect?.(item)}
            onDoubleClick={() => onActivate?.(item)}
            onKeyDown={undefined}
          >
            {props.renderRow(item)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Height assumed until the list has been measured, px. */
const assumedHeight = 600;

function useViewport(box: RefObject<HTMLDivElement | null>) {
  const [view, setView] = useState({ top: 0, height: assumedHeight });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight || assumedHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  const onScroll = () => {
    const element = box.current;
    if (element !== null) setView({ top: element.scrollTop, height: element.clientHeight || assumedHeight });
  };
  return { ...view, onScroll };
}

function rowTarget(key: string, at: number, count: number, page: number): number | undefined {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1, PageDown: at + page, PageUp: at - page }[
    key
  ];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}

function revealRow(element: HTMLElement | null, index: number, rowHeight: number): void {
  if (element === null) return;
  const top = index * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight)
    element.scrollTop = top + rowHeight - element.clientHeight;
}
