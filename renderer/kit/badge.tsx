import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** A short fact in a pill: a count, a state. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** A coloured dot for a state; the words stand beside it. */
export function StatusDot({ tone, pulse = false }: { readonly tone: Tone; readonly pulse?: boolean }) {
  return <span className={`status-dot status-${tone}${pulse ? ' is-pulsing' : ''}`} aria-hidden="true" />;
}
