import { splitKeys } from '../kit/split-keys.ts';

/** A key press, as far as shortcuts care. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly code?: string;
}

/** True when a key press is the combination `Ctrl+Shift+Z`. Cmd counts as Ctrl; signs such as `?` carry their own Shift. */
export function matchesShortcut(press: KeyPress, shortcut: string): boolean {
  const parts = splitKeys(shortcut);
  const last = parts.at(-1) ?? '';
  const key = last === 'Space' ? ' ' : last;
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if ((press.ctrlKey || press.metaKey) !== wants('Ctrl') || press.altKey !== wants('Alt')) return false;
  const isSign = key.length === 1 && !/[A-Za-z0-9 ]/.test(key);
  if (!isSign && press.shiftKey !== wants('Shift')) return false;
  // With Shift a digit key reports the sign above it, so digits are told by their place.
  return press.key.toLowerCase() === key.toLowerCase() || (/^\d$/.test(key) && press.code === `Digit${key}`);
}
