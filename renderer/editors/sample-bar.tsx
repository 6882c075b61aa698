import { useState } from 'react';
import { IconButton } from '../kit/button.tsx';
import { Glyph } from '../kit/glyph.tsx';
import type { Preview } from './use-preview.ts';

/** Says where the sample data is from, why there is none or what was passed over, and gets newer. */
export function SampleBar({ preview }: { readonly preview: Preview }) {
  const { source, reason, isLoading, isRefreshing } = preview;
  /** Where the data was from when newer was asked for; undefined before that. */
  const [before, setBefore] = useState<string | null>();
  const refresh = () => {
    setBefore(source);
    preview.refresh();
  };
  return (
    <div className="sample-bar">
      <div className="sample-text" data-testid="sample-source" role="status">
        {isLoading ? (
          'Looking for sample data…'
        ) : source === null ? (
          <>
            <b>No sample data{before === null && !isRefreshing ? ' still' : ''}</b>
            {reason === null ? null : `: ${reason}`}
          </>
        ) : (
          <>
            Sample: <b>{source}</b>
            <span className="sample-outcome">{outcomeOf({ before, source, isRefreshing })}</span>
          </>
        )}
        {source === null || reason === null ? null : (
          <p className="sample-reason">
            <Glyph name="warning" size={12} />
            Passed over: {reason}
          </p>
        )}
      </div>
      <IconButton glyph="refresh" label="Take newer sample data" tooltipSide="left" onClick={refresh} />
    </div>
  );
}

interface Refresh {
  readonly before: string | null | undefined;
  readonly source: string;
  readonly isRefreshing: boolean;
}

/** What asking for newer data came to. */
function outcomeOf({ before, source, isRefreshing }: Refresh): string | null {
  if (isRefreshing) return ' · looking for newer…';
  if (before === undefined) return null;
  return before === source ? ' · still the newest' : ' · just taken';
}
