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

/** Pause after which typed letters begin another word, ms. */
const typingPauseMs = 700;

/**
 * A menu under an element or at a point. Arrows, Home, End and first letters move, Enter runs, Esc closes and gives the focus
 * back. What cannot be done now can be reached all the same, so that it is known to be there.
 */
export function Menu({ label, anchor, items, onClose }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', atMs: 0 });
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
    else if (event.key === 'Home') focusRow(list.current, 0);
    else if (event.key === 'End') focusRow(list.current, rows.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (isLetter(event)) {
      const isSameWord = event.timeStamp - typed.current.atMs < typingPauseMs;
      const text = (isSameWord ? typed.current.text : '') + event.key.toLowerCase();
      typed.current = { text, atMs: event.timeStamp };
      focusRow(list.current, matchingRow(rows, at, text));
    } else return;
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
              {...(item.checked === undefined
                ? { role: 'menuitem' }
                : { role: 'menuitemcheckbox', 'aria-checked': item.checked })}
              className={item.danger ? 'menu-item is-danger' : 'menu-item'}
              aria-disabled={item.disabled}
              onClick={() => {
                if (item.disabled === true) return;
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
  return [...(list?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
}

function focusRow(list: HTMLElement | null, index: number): void {
  menuRows(list)[index]?.focus();
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}

/** The next row whose label begins with what was typed; the same letter again goes on to the one after. */
function matchingRow(rows: readonly HTMLElement[], at: number, text: string): number {
  const isRepeated = [...text].every((letter) => letter === text[0]);
  const wanted = isRepeated ? text[0]! : text;
  const first = wanted.length === 1 ? at + 1 : at;
  const order = rows.map((_, index) => (first + index + rows.length) % rows.length);
  const labelOf = (index: number) => rows[index]?.querySelector('.menu-label')?.textContent?.toLowerCase() ?? '';
  return order.find((index) => labelOf(index).startsWith(wanted)) ?? at;
}
