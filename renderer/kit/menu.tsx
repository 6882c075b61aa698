import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import type { GlyphName } from './glyph.tsx';
import { Glyph } from './glyph.tsx';
import { Kbd } from './kbd.tsx';
import type { PopoverAnchor } from './popover.tsx';
import { Popover } from './popover.tsx';

/** A row of a menu; 'separator' draws a line. */
export type MenuItem =
  | 'separator'
  | {
      readonly id: string;
      readonly label: string;
      readonly glyph?: GlyphName;
      readonly shortcut?: string | undefined;
      readonly disabled?: boolean;
      readonly danger?: boolean;
      readonly checked?: boolean;
      readonly run: () => void;
    };

interface MenuProps {
  readonly label: string;
  readonly anchor: PopoverAnchor;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** A menu under an element or at a point. Arrows move, Enter runs, Esc closes and gives the focus back. */
export function Menu({ label, anchor, items, onClose }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    focusRow(list.current, 0);
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const rows = menuRows(list.current);
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') focusRow(list.current, (at + 1) % rows.length);
    else if (event.key === 'ArrowUp') focusRow(list.current, (at - 1 + rows.length) % rows.length);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <Popover anchor={anchor} onClose={onClose} className="menu">
      <div role="menu" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {items.map((item, index) =>
          item === 'separator' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity of their own
            <hr key={`separator-${index}`} className="menu-separator" />
          ) : (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              className={item.danger ? 'menu-item is-danger' : 'menu-item'}
              disabled={item.disabled}
              onClick={() => {
                onClose();
                item.run();
              }}
            >
              <span className="menu-glyph">
                {item.checked === true ? (
                  <Glyph name="check" />
                ) : item.glyph === undefined ? null : (
                  <Glyph name={item.glyph} />
                )}
              </span>
              <span className="menu-label">{item.label}</span>
              {item.shortcut === undefined ? null : <Kbd keys={item.shortcut} />}
            </button>
          ),
        )}
      </div>
    </Popover>
  );
}

function menuRows(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
}

function focusRow(list: HTMLElement | null, index: number): void {
  menuRows(list)[index]?.focus();
}
