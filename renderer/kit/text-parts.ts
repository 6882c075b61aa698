import type { JsonToken } from './pretty-json.ts';
import { prettyJson } from './pretty-json.ts';

/** A text that is shown: words in a colour, or as they are. */
export interface TextPiece {
  readonly kind: JsonToken['kind'] | 'plain';
  readonly text: string;
}

/** Characters that are shown at once, and that each further part adds. */
export const firstPartChars = 20_000;
export const furtherPartChars = 100_000;
/** Characters of one piece of plain text. */
const plainPieceChars = 4_096;

/** A text that is laid out part by part, as far as somebody asks. */
export interface TextParts {
  /** The first `count` parts, fewer when the text ends before. The same list again for the same count. */
  take(count: number): readonly (readonly TextPiece[])[];
  /** True when the parts that were taken so far are all there is. */
  readonly isAtEnd: boolean;
}

/**
 * A text in parts that a window can draw without standing still, however long it is. JSON is laid out on the way; a text that is
 * itself made on the way comes as its pieces.
 */
export function textParts(text: string | Iterable<string>, format: 'json' | 'plain'): TextParts {
  const pieces: Iterator<TextPiece> =
    typeof text !== 'string' ? givenPieces(text) : format === 'json' ? prettyJson(text) : plainPieces(text);
  let waiting = pieces.next();
  const parts: (readonly TextPiece[])[] = [];
  const layOutNext = () => {
    const charsMax = parts.length === 0 ? firstPartChars : furtherPartChars;
    const part: TextPiece[] = [];
    for (let chars = 0; waiting.done !== true && chars < charsMax; waiting = pieces.next()) {
      part.push(waiting.value);
      chars += waiting.value.text.length;
    }
    parts.push(part);
  };
  return {
    get isAtEnd() {
      return waiting.done === true;
    },
    take: (count) => {
      while (parts.length < count && waiting.done !== true) layOutNext();
      return parts.slice(0, count);
    },
  };
}

function* givenPieces(pieces: Iterable<string>): Generator<TextPiece, void> {
  for (const text of pieces) yield { kind: 'plain', text };
}

function* plainPieces(text: string): Generator<TextPiece, void> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(text.length, from + plainPieceChars);
    // A pair of surrogates is one letter.
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1;
    yield { kind: 'plain', text: text.slice(from, to) };
    from = to;
  }
}
