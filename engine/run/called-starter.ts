import type { StarterEvent, StarterInstance } from '../spi/runtime.ts';

/** The starter of a process that is called: its jobs come from calls that spawn them. */
export class CalledStarter implements StarterInstance {
  readonly #callers = new WeakMap<object, string>();

  /** Nothing begins by itself. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  /** What a caller handed over, as an event. Nobody waits for its job, so a failure of it is final. */
  event(input: Readonly<Record<string, unknown>>, caller: string): StarterEvent {
    this.#callers.set(input, caller);
    return {
      output: input,
      settle: () => undefined,
    };
  }

  origin(output: unknown): string {
    return `called by ${this.#callers.get(output as object) ?? 'a job'}`;
  }
}
