/** Who is told how something ended. Called at once, inside of the call that settles it. */
export interface LaterListener<T> {
  completed(value: T): void;
  failed(error: unknown): void;
}

/**
 * A result that comes later, for activities that end a hundred thousand times a second: what a promise is, with one listener that
 * is called at once instead of in a microtask. A promise and what `async` and `then` put around it cost more than sending a
 * record. Settled once; a second time is ignored.
 */
export class Later<T> {
  #listener: LaterListener<T> | undefined;
  #state: 'open' | 'completed' | 'failed' = 'open';
  #result: unknown;

  complete(value: T): void {
    if (this.#state !== 'open') return;
    this.#state = 'completed';
    if (this.#listener) this.#listener.completed(value);
    else this.#result = value;
  }

  fail(error: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    if (this.#listener) this.#listener.failed(error);
    else this.#result = error;
  }

  /** The one listener. When the result is there already, it is told before this returns. */
  listen(listener: LaterListener<T>): void {
    if (this.#state === 'completed') listener.completed(this.#result as T);
    else if (this.#state === 'failed') listener.failed(this.#result);
    else this.#listener = listener;
  }
}
