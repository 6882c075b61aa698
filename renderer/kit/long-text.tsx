import type { ReactNode } from 'react';
import { memo, useMemo, useState } from 'react';
import { Button } from './button.tsx';
import type { TextPiece } from './text-parts.ts';
import { textParts } from './text-parts.ts';

interface LongTextProps {
  /** Pieces for a text that is made while it is shown; they are gone through more than once. */
  readonly text: string | Iterable<string>;
  /** `json` is laid out and coloured; digits stay as they were sent. `lines` are not wrapped. */
  readonly format: 'json' | 'plain' | 'lines';
  readonly label: string;
  /** What else can be done when there is more: a download, reading the rest. */
  readonly more?: ReactNode;
}

/**
 * Text of any length that can be selected and copied: the first part at once, the rest when it is asked for, so that a message of
 * many megabytes opens like a small one.
 */
export function LongText({ text, format, label, more }: LongTextProps) {
  const parts = useMemo(() => textParts(text, format === 'json' ? 'json' : 'plain'), [text, format]);
  const [shown, setShown] = useState({ parts, count: 1 });
  const count = shown.parts === parts ? shown.count : 1;
  const current = parts.take(count);
  const isCut = !parts.isAtEnd;
  const showMore = () => setShown({ parts, count: count + 1 });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: text that scrolls has to be reachable by keys */}
      <section className={format === 'lines' ? 'json-text is-lines' : 'json-text'} aria-label={label} tabIndex={0}>
        {current.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only added
          <Part key={index} pieces={part} />
        ))}
        {text === '' ? <i>empty</i> : null}
      </section>
      {isCut || more !== undefined ? (
        <p className="long-text-more">
          {isCut ? (
            <Button look="quiet" onClick={showMore} data-testid="show-more">
              Show more
            </Button>
          ) : null}
          {more}
        </p>
      ) : null}
    </>
  );
}

const Part = memo(function Part({ pieces }: { readonly pieces: readonly TextPiece[] }) {
  return (
    <>
      {pieces.map(({ kind, text }, index) =>
        kind === 'mark' || kind === 'space' || kind === 'plain' ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a fixed text never move
          <span key={index} className={`json-${kind}`}>
            {text}
          </span>
        ),
      )}
    </>
  );
});
