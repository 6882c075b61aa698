import type { Log } from '../../base/log.ts';

/** Why connections were closed: one line an interval each, however many there are. */
const logEveryMs = 10_000;

/** Counts connections that were closed or refused for a reason of their own making; says so at most once an interval a reason. */
export class TurnedAway {
  readonly #log: Log;
  readonly #count: (reason: string) => void;
  readonly #nowMs: () => number;
  readonly #reasons = new Map<string, { loggedAtMs: number; unlogged: number }>();

  /** `reason`s are few: constants of the code, never what a client sent. */
  constructor(log: Log, count: (reason: string) => void, nowMs: () => number) {
    this.#log = log;
    this.#count = count;
    this.#nowMs = nowMs;
  }

  note(reason: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#count(reason);
    const known = this.#reasons.get(reason) ?? { loggedAtMs: Number.NEGATIVE_INFINITY, unlogged: 0 };
    this.#reasons.set(reason, known);
    known.unlogged++;
    const nowMs = this.#nowMs();
    if (nowMs - known.loggedAtMs < logEveryMs) return;
    this.#log.warn(
      `closed a connection: ${reason}`,
      known.unlogged > 1 ? { ...fields, since: known.unlogged } : fields,
    );
    known.loggedAtMs = nowMs;
    known.unlogged = 0;
  }
}
