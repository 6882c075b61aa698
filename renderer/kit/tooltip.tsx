import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly children: ReactNode;
}

/** Words that appear on hover and on keyboard focus of what it wraps. Purely visual: the wrapped control has its own label. */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <span className="tooltip-anchor">
      {children}
      <span className={`tooltip tooltip-${side}`} aria-hidden="true">
        {text}
        {shortcut === undefined ? null : <Kbd keys={shortcut} />}
      </span>
    </span>
  );
}
