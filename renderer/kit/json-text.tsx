import { useMemo } from 'react';
import { prettyJson } from './pretty-json.ts';

/** Longer text is shown as it came, in one piece: a span for every value would make the window slow. */
const highlightedCharsMax = 200_000;

/** JSON, laid out and coloured, that can be selected and copied. Digits stay as they were sent. */
export function JsonText({ text, label }: { readonly text: string; readonly label: string }) {
  const tokens = useMemo(() => (text.length > highlightedCharsMax ? undefined : prettyJson(text)), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: text that scrolls has to be reachable by keys
    <section className="json-text" aria-label={label} tabIndex={0}>
      {tokens === undefined
        ? text
        : tokens.map(({ kind, text: piece }, index) =>
            kind === 'mark' || kind === 'space' ? (
              piece
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a fixed text never move
              <span key={index} className={`json-${kind}`}>
                {piece}
              </span>
            ),
          )}
    </section>
  );
}
