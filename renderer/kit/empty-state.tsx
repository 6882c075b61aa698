import type { ReactNode } from 'react';
import type { GlyphName } from './glyph.tsx';
import { Glyph } from './glyph.tsx';

interface EmptyStateProps {
  readonly glyph: GlyphName;
  readonly title: string;
  /** What to do next, in a sentence. */
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
}

/** What a place says when it has nothing to show, and what to do about it. */
export function EmptyState({ glyph, title, hint, children }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <span className="empty-glyph">
        <Glyph name={glyph} size={22} />
      </span>
      <p className="empty-title">{title}</p>
      {hint === undefined ? null : <p className="empty-hint">{hint}</p>}
      {children}
    </div>
  );
}
