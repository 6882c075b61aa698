import type { ComponentProps } from 'react';
import { TextInput } from './text-input.tsx';

interface NumberInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'min' | 'max'> {
  readonly value: number | undefined;
  /** undefined: the field was emptied. A string: what was typed is no number (a property reference, perhaps). */
  readonly onCommit: (value: number | string | undefined) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly unit?: string | undefined;
  /** Shown instead of the number when the value is text. */
  readonly text?: string | undefined;
}

/** A number with its unit. Arrow keys step by one within the bounds, with Shift by ten. */
export function NumberInput({ value, onCommit, min, max, unit, text, ...rest }: NumberInputProps) {
  const shown = text ?? (value === undefined ? '' : String(value));
  const step = (by: number) => {
    const next = (value ?? (Number(rest.placeholder) || 0)) + by;
    onCommit(Math.min(max ?? next, Math.max(min ?? next, next)));
  };
  return (
    <span
      className="number-input"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
      }}
      role="none"
    >
      <TextInput {...rest} inputMode="numeric" value={shown} onCommit={(typed) => onCommit(parseNumber(typed))} />
      {unit === undefined ? null : <span className="number-unit">{unit}</span>}
    </span>
  );
}

/** The number in `typed`; undefined when empty; the text itself when it is no number. */
export function parseNumber(typed: string): number | string | undefined {
  const trimmed = typed.trim();
  if (trimmed === '') return undefined;
  const parsed = Number(trimmed);
  return Number.isFinite(parsed) ? parsed : trimmed;
}
