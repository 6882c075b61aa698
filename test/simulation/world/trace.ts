/** Lines kept for the report of a failure; older ones only count for the hash. */
const linesKeptMax = 2_000;

/** Everything that happens in a run, in order. Two runs of one seed have the same hash, or the run is not deterministic. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #nowMs: () => number;
  readonly #print: ((line: string) => void) | undefined;
  #hashA = 0x811c9dc5;
  #hashB = 0x01234567;
  #count = 0;

  /** `print` gets every line as it happens. */
  constructor(nowMs: () => number, print?: (line: string) => void) {
    this.#nowMs = nowMs;
    this.#print = print;
  }

  add(who: string, what: string): void {
    const line = `${this.#nowMs().toFixed(1).padStart(9)} ${who.padEnd(12)} ${what}`;
    for (let index = 0; index < line.length; index++) {
      const code = line.charCodeAt(index);
      this.#hashA = Math.imul(this.#hashA ^ code, 0x01000193);
      this.#hashB = Math.imul(this.#hashB, 31) + code;
    }
    this.#count++;
    this.#lines.push(line);
    if (this.#lines.length >= 2 * linesKeptMax) this.#lines.splice(0, linesKeptMax);
    this.#print?.(line);
  }

  get hash(): string {
    const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
    return `${hex(this.#hashA)}${hex(this.#hashB)}-${this.#count}`;
  }

  /** The last `count` lines. */
  tail(count: number): string {
    return this.#lines.slice(Math.max(0, this.#lines.length - count)).join('\n');
  }
}
