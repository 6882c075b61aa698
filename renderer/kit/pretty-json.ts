/** A piece of JSON text. `space` is what was put between the pieces: line breaks and indentation. */
export interface JsonToken {
  readonly kind: 'name' | 'string' | 'number' | 'literal' | 'mark' | 'space';
  readonly text: string;
}

const pattern = /"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Lays JSON text out, two spaces a level, without parsing it: every digit and every escape stays as it was sent, and text that was
 * cut short is laid out as far as it goes.
 */
export function prettyJson(text: string): JsonToken[] {
  const pieces = text.match(pattern) ?? [];
  const tokens: JsonToken[] = [];
  let depth = 0;
  const breakLine = () => tokens.push({ kind: 'space', text: `\n${'  '.repeat(depth)}` });
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1];
    if (piece === '{' || piece === '[') {
      tokens.push({ kind: 'mark', text: piece });
      depth += 1;
      if (next !== '}' && next !== ']') breakLine();
    } else if (piece === '}' || piece === ']') {
      depth = Math.max(0, depth - 1);
      const before = pieces[index - 1];
      if (before !== '{' && before !== '[') breakLine();
      tokens.push({ kind: 'mark', text: piece });
    } else if (piece === ',') {
      tokens.push({ kind: 'mark', text: piece });
      breakLine();
    } else if (piece === ':') {
      tokens.push({ kind: 'mark', text: ': ' });
    } else {
      tokens.push({ kind: kindOf(piece, next), text: piece });
    }
  }
  return tokens;
}

/** The same as one text. */
export function prettyJsonText(text: string): string {
  return prettyJson(text)
    .map((token) => token.text)
    .join('');
}

function kindOf(piece: string, next: string | undefined): JsonToken['kind'] {
  if (piece.startsWith('"')) return next === ':' ? 'name' : 'string';
  return /^-?\d/.test(piece) ? 'number' : 'literal';
}
