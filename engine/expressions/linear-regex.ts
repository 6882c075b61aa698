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

  constructor(source: string, flags: string) {
    const known = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
    try {
      this.#compiled = RE2JS.compile(RE2JS.translateRegExp(widenSpace(source)), known);
    } catch (cause) {
      throw new Error(`expected a pattern without look-around and back-references, but found /${source}/`, { cause });
    }
  }

  exec(text: string): ReturnType<LinearRegex['exec']> {
    const matcher = this.#compiled.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const count = this.#compiled.groupCount();
    const groups = Array.from({ length: count + 1 }, (_, group) => matcher.group(group) ?? undefined);
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }

  test(text: string): boolean {
    return this.#compiled.test(text);
  }
}

/** Writes `\s` and `\S` out, outside and inside of brackets; a `\S` inside of brackets is left to RE2. */
function widenSpace(source: string): string {
  let inBrackets = false;
  return source.replace(/\\[\s\S]|\[|\]/g, (part) => {
    if (part === '[') inBrackets = true;
    else if (part === ']') inBrackets = false;
    else if (part === '\\s') return inBrackets ? whiteSpace : `[${whiteSpace}]`;
    else if (part === '\\S' && !inBrackets) return `[^${whiteSpace}]`;
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
