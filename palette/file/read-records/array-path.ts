/** One name of a path. */
interface Segment {
  readonly name: string;
  /** In quotes: dots in it are part of the name, and it stands for itself only. */
  readonly isQuoted: boolean;
}

const segmentPattern = /"((?:[^"\\]|\\.)*)"|([^."]+)/y;

/**
 * Where in a document an array is: names with dots between them, such as `data.features`. A name that has dots itself stands in
 * double quotes, as in `data."order.lines"`; it is found without them too, since `order.lines` stands for one name as well as for
 * two. Elements of arrays are numbered from 0.
 */
export class ArrayPath {
  readonly text: string;
  readonly #segments: readonly Segment[];

  private constructor(text: string, segments: readonly Segment[]) {
    this.text = text;
    this.#segments = segments;
  }

  /** Undefined when the text is no path. An empty one is the document itself. */
  static parse(text: string): ArrayPath | undefined {
    const segments: Segment[] = [];
    for (let at = 0; at < text.length; ) {
      segmentPattern.lastIndex = at;
      const found = segmentPattern.exec(text);
      if (!found) return undefined;
      const [whole, quoted, plain] = found;
      segments.push({ name: quoted?.replace(/\\(.)/g, '$1') ?? plain!, isQuoted: quoted !== undefined });
      at += whole.length;
      if (at === text.length) break;
      if (text[at] !== '.' || at + 1 === text.length) return undefined;
      at++;
    }
    return new ArrayPath(text, segments);
  }

  /** Names of the path in all. */
  get length(): number {
    return this.#segments.length;
  }

  /** How many names of the path are behind us once `key` follows the first `taken` of them; undefined when it leads elsewhere. */
  follow(taken: number, key: string): number | undefined {
    const first = this.#segments[taken];
    if (!first) return undefined;
    if (first.isQuoted) return first.name === key ? taken + 1 : undefined;
    let joined = first.name;
    for (let next = taken + 1; joined.length < key.length; next++) {
      const segment = this.#segments[next];
      if (!segment || segment.isQuoted) return undefined;
      joined += `.${segment.name}`;
      if (joined === key) return next + 1;
    }
    return joined === key ? taken + 1 : undefined;
  }
}
