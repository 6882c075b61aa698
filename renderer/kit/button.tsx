import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import type { GlyphName } from './glyph.tsx';
import { Glyph } from './glyph.tsx';
import { Tooltip } from './tooltip.tsx';

type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook;
  readonly glyph?: GlyphName;
}

/** A button with words; `look` says how much it wants to be pressed. */
export function Button({ look = 'plain', glyph, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classNames('button', `button-${look}`, className)} {...rest}>
      {glyph === undefined ? null : <Glyph name={glyph} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'title'> {
  readonly glyph: GlyphName;
  /** What it does; spoken, and shown on hover. */
  readonly label: string;
  /** The keys, shown beside the label. */
  readonly shortcut?: string | undefined;
  readonly pressed?: boolean;
  readonly tooltipSide?: 'top' | 'bottom' | 'left' | 'right';
}

/** A button that is only a drawing, so it always has a label and a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { glyph, label, shortcut, pressed, tooltipSide = 'bottom', className, ...rest } = props;
  return (
    <Tooltip text={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        className={classNames('icon-button', pressed && 'is-pressed', className)}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
      >
        <Glyph name={glyph} />
      </button>
    </Tooltip>
  );
}
