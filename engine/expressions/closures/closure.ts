/**
 * A compiled node: gives its value for a context value (`$`) and the whole data (`$$`). Results may be sequences of two or
 * more; emptier ones are already unwrapped.
 */
export type Closure = (input: unknown, root: unknown) => unknown;

/** Thrown while compiling when a node has no closure: the whole expression is then left to the interpreter. */
export class NotCompiled {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}
