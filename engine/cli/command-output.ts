import type { Writable } from 'node:stream';

/** Where a command writes. Results go to standard output, everything else to standard error. */
export class CommandOutput {
  readonly isJson: boolean;
  readonly #out: Pick<Writable, 'write' | 'once'>;
  readonly #error: (text: string) => void;
  #isFull = false;

  constructor(isJson: boolean, out: Pick<Writable, 'write' | 'once'>, error: (text: string) => void) {
    this.isJson = isJson;
    this.#out = out;
    this.#error = error;
  }

  /** The result of a command: `json` with --json, else `text`. */
  result(json: unknown, text: string): void {
    if (this.isJson || text !== '') this.write(`${this.isJson ? JSON.stringify(json) : text}\n`);
  }

  /** Writes to standard output as it is. */
  write(chunk: string | Uint8Array): void {
    this.#isFull = !this.#out.write(chunk);
  }

  /** Undefined while the reader of standard output keeps up; else a promise for the moment when it has caught up, or until it is given up. */
  drained(givenUp: AbortSignal): Promise<void> | undefined {
    if (!this.#isFull || givenUp.aborted) return undefined;
    return new Promise((resolve) => {
      const end = () => {
        givenUp.removeEventListener('abort', end);
        this.#isFull = false;
        resolve();
      };
      givenUp.addEventListener('abort', end);
      this.#out.once('drain', end);
    });
  }

  /** Progress for people; nothing with --json. */
  note(text: string): void {
    if (!this.isJson) this.#error(`${text}\n`);
  }

  /** One line of a stream of events: `json` with --json, else `text`; on standard error. */
  event(json: unknown, text: string): void {
    this.#error(this.isJson ? `${JSON.stringify(json)}\n` : `${text}\n`);
  }

  /** Why the command failed, as one line. */
  failure(code: string, message: string, details?: unknown): void {
    const line = message.replaceAll(/\s*\n\s*/g, ' ');
    this.#error(
      this.isJson
        ? `${JSON.stringify({ error: { code, message: line, ...(details === undefined ? {} : { details }) } })}\n`
        : `millrace: ${line}\n`,
    );
  }
}

/** Rows under a header, columns padded. */
export function formatTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
