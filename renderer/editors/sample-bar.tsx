import { IconButton } from '../kit/button.tsx';
import type { Preview } from './use-preview.ts';

/** Says where the sample data is from, and gets newer. */
export function SampleBar({ preview }: { readonly preview: Preview }) {
  const { source, failure, isLoading } = preview;
  const text = isLoading
    ? 'Looking for sample data…'
    : failure !== null
      ? `No sample data: ${failure}`
      : (source ?? 'No sample data yet: run the process once');
  return (
    <div className="sample-bar">
      <span className="sample-text" title={text} data-testid="sample-source">
        {source === null ? (
          text
        ) : (
          <>
            Sample: <b>{text}</b>
          </>
        )}
      </span>
      <IconButton glyph="refresh" label="Take newer sample data" tooltipSide="left" onClick={preview.refresh} />
    </div>
  );
}
