import { RE2JS } from 're2js';

/** What JSONata and the closures need of a regular expression: RegExp's own shape. */
export interface LinearRegex {
  /** Where the next `exec` begins to look; `exec` moves it behind its match. */
  lastIndex: number;
  exec(
    text: string,
  ): { readonly index: number; readonly length: number; readonly [group: number]: string | undefined } | null;
  test(text: string): boolean;
}

/** Parts of a pattern that JavaScript's own engine cannot spend more than one pass on, and reads as RE2 does. */
const plainPattern = /^(?:[^\\^$.*+?()[\]{}]|\\[dwtnr/.-]|\[[^\\^\]]*\]|[\^$])*$/;

/** Characters that JavaScript's `\s` stands for; RE2's own knows six of them. */
const whiteSpace =
  '\\t\\n\\x{b}\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** Everything else, for a `\S` inside of brackets. */
const noSpace =
  '\\x00-\\x08\\x0e-\\x1f\\x21-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}' +
  '\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

/** What ends a line in JavaScript; in RE2 only a line feed does. */
const lineEnds = /[\r\u2028\u2029]/g;
/** A pattern that tells one line end from another. */
const namesLineEnd = /\\[nrxuc0]|[\n\r\u2028\u2029]/;

/**
 * A regular expression whose time grows with its text and no faster, whatever the pattern: RE2 (re2js), or JavaScript's engine for
 * patterns without a repetition. Throws an Error in plain words for what RE2 does not have: look-around and back-references.
 */
export function linearRegex(pattern: RegExp): LinearRegex {
  const flags = pattern.flags.replace('g', '');
  if (plainPattern.test(pattern.source)) return new RegExp(pattern.source, `${flags}g`);
  return new Re2Regex(pattern.source, flags);
}

class Re2Regex implements LinearRegex {
  lastIndex = 0;
  readonly #compiled: RE2JS;
  /** Whether `^` and `$` mean lines, for a pattern to which all line ends are the same. */
  readonly #isByLine: boolean;
  #text = '';
  #subject = '';

  constructor(source: string, flags: string) {
    const known = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
    this.#isByLine = flags.includes('m') && !namesLineEnd.test(source);
    try {
      this.#compiled = RE2JS.compile(RE2JS.translateRegExp(asInJavaScript(source)), known);
    } catch (cause) {
      throw new Error(`expected a pattern without look-around and back-references, but found /${source}/`, { cause });
    }
  }

  exec(text: string): ReturnType<LinearRegex['exec']> {
    const matcher = this.#compiled.matcher(this.#subjectOf(text));
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const count = this.#compiled.groupCount();
    const groups = Array.from({ length: count + 1 }, (_, group) => {
      const start = matcher.start(group);
      return start < 0 ? undefined : text.slice(start, matcher.end(group));
    });
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }

  test(text: string): boolean {
    return this.#compiled.test(this.#subjectOf(text));
  }

  /** The text with line feeds for its other line ends, where `^` and `$` look for them. As long as the text, character by character. */
  #subjectOf(text: string): string {
    if (!this.#isByLine) return text;
    if (this.#text === text) return this.#subject;
    this.#text = text;
    this.#subject = text.replace(lineEnds, '\n');
    return this.#subject;
  }
}

/** Writes out what JavaScript means with `.`, `\s` and `\S`, outside and inside of brackets. */
function asInJavaScript(source: string): string {
  let inBrackets = false;
  return source.replace(/\\[\s\S]|\[|\]|\./g, (part) => {
    if (part === '[') inBrackets = true;
    else if (part === ']') inBrackets = false;
    else if (part === '.' && !inBrackets) return '[^\\n\\r\\x{2028}\\x{2029}]';
    else if (part === '\\s') return inBrackets ? whiteSpace : `[${whiteSpace}]`;
    else if (part === '\\S') return inBrackets ? noSpace : `[^${whiteSpace}]`;
    return part;
  });
}

/** The class of regular expressions that JSONata's interpreter is given: `new LinearRegExp(/a/g)`. */
export class LinearRegExp {
  constructor(pattern: RegExp) {
    // JSONata constructs what its option names; a constructor may give another object.
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return linearRegex(pattern) as unknown as LinearRegExp;
  }
}
