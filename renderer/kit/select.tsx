import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** One choice of a Select or Combobox. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

interface SelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly value: string;
  readonly options: readonly Option[];
  readonly onCommit: (value: string) => void;
  /** Shown for the empty value. */
  readonly placeholder?: string | undefined;
}

/** A choice of a few values: the platform's own list, drawn like our inputs. */
export function Select({ value, options, onCommit, placeholder, className, ...rest }: SelectProps) {
  const isKnown = value === '' || options.some((option) => option.value === value);
  return (
    <span className="select-box">
      <select
        {...rest}
        className={classNames('input', 'select', value === '' && 'is-empty', className)}
        value={value}
        onChange={(event) => onCommit(event.target.value)}
      >
        {placeholder === undefined ? null : <option value="">{placeholder}</option>}
        {isKnown ? null : <option value={value}>{value} (unknown)</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Glyph name="chevronDown" size={14} />
    </span>
  );
}
