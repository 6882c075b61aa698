/** A piece of JSON text. `space` is what was put between the pieces: line breaks and indentation. */
export interface JsonToken {
  readonly kind: 'name' | 'string' | 'number' | 'literal' | 'mark' | 'space';
  readonly text: string;
}

const pattern = /"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Characters of one token; a longer text comes as several, so that whoever takes tokens can stop in the middle of it. */
const tokenCharsMax = 4_096;

/**
 * Lays JSON text out, two spaces a level, without parsing it: every digit and every escape stays as it was sent, and text that was
 * cut short is laid out as far as it goes. Work is done as tokens are taken: the first screen of a large text costs no more than
 * that of a small one.
 */
export function* prettyJson(text: string): Generator<JsonToken, void> {
  let depth = 0;
  let before: string | undefined;
  let end = 0;
  const pieces = text.matchAll(pattern);
  let step = pieces.next();
  while (!step.done) {
    const [piece] = step.value;
    // In JSON a mark stands between two words. What only looks like JSON keeps what stands between its own.
    if (isWord(before) && isWord(piece)) yield { kind: 'space', text: text.slice(end, step.value.index) };
    end = step.value.index + piece.length;
    step = pieces.next();
    const next = step.done ? undefined : step.value[0];
    if (piece === '{' || piece === '[') {
      depth += 1;
      yield { kind: 'mark', text: piece };
      if (next !== '}' && next !== ']') yield lineBreak(depth);
    } else if (piece === '}' || piece === ']') {
      depth = Math.max(0, depth - 1);
      if (before !== '{' && before !== '[') yield lineBreak(depth);
      yield { kind: 'mark', text: piece };
    } else if (piece === ',') {
      yield { kind: 'mark', text: piece };
      yield lineBreak(depth);
    } else if (piece === ':') {
      yield { kind: 'mark', text: ': ' };
    } else {
      const kind = kindOf(piece, next);
      for (let from = 0; from < piece.length; from += tokenCharsMax)
        yield { kind, text: piece.slice(from, from + tokenCharsMax) };
    }
    before = piece;
  }
}

function isWord(piece: string | undefined): boolean {
  return piece !== undefined && !/^[{}[\],:]$/.test(piece);
}

function lineBreak(depth: number): JsonToken {
  return { kind: 'space', text: `\n${'  '.repeat(depth)}` };
}

/** The same as one text. */
export function prettyJsonText(text: string): string {
  let result = '';
  for (const token of prettyJson(text)) result += token.text;
  return result;
}

function kindOf(piece: string, next: string | undefined): JsonToken['kind'] {
  if (piece.startsWith('"')) return next === ':' ? 'name' : 'string';
  return /^-?\d/.test(piece) ? 'number' : 'literal';
}
