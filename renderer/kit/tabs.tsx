import type { KeyboardEvent, ReactNode, WheelEvent } from 'react';
import { useEffect, useRef } from 'react';
import { classNames } from './class-names.ts';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Right of the label: a count. */
  readonly mark?: ReactNode;
  readonly testId?: string;
}

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected: Id | undefined;
  readonly onSelect: (id: Id) => void;
  readonly look?: 'underline' | 'segment' | 'file';
  readonly onDoubleClick?: (id: Id) => void;
}

/** A row of tabs; arrow keys move between them, as in the ARIA pattern with automatic activation. */
export function Tabs<Id extends string>({
  label,
  items,
  selected,
  onSelect,
  look = 'underline',
  ...rest
}: TabsProps<Id>) {
  const row = useRef<HTMLDivElement>(null);
  // More tabs than room: the row scrolls, and what is shown below stays named in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when another tab is selected
  useEffect(() => {
    const tab = row.current?.querySelector('[aria-selected=true]');
    tab?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = items.findIndex((item) => item.id === selected);
    const target = tabTarget(event.key, at, items.length);
    const item = target === undefined ? undefined : items[target];
    if (item === undefined || target === undefined) return;
    event.preventDefault();
    onSelect(item.id);
    (event.currentTarget.children[target] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      ref={row}
      role="tablist"
      aria-label={label}
      className={`tabs tabs-${look}`}
      onKeyDown={onKeyDown}
      onWheel={scrollSideways}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="tab"
          aria-selected={item.id === selected}
          tabIndex={item.id === selected ? 0 : -1}
          className={classNames('tab', item.id === selected && 'is-selected')}
          data-testid={item.testId}
          onClick={() => onSelect(item.id)}
          onDoubleClick={() => rest.onDoubleClick?.(item.id)}
        >
          <span className="tab-label">{item.label}</span>
          {item.mark}
        </button>
      ))}
    </div>
  );
}

/** A wheel that only turns up and down moves a row of tabs sideways. */
function scrollSideways({ currentTarget, deltaX, deltaY }: WheelEvent<HTMLDivElement>): void {
  if (deltaX === 0) currentTarget.scrollLeft += deltaY;
}

function tabTarget(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
