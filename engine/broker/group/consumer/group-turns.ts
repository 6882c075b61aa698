/** Commands of a group that are planned together and written as one batch, at most. */
const commandsMax = 100;

/** Lets the commands of a group have their turn one batch after the other: what one has written the next one sees. */
export class GroupTurns<Command> {
  readonly #take: (commands: Command[]) => Promise<void> | undefined;
  readonly #onIdle: () => void;
  readonly #waiting: Command[] = [];
  #isBusy = false;

  /** `take` carries out commands; what it cannot it puts back (`putBack`). Undefined when it is done at once. */
  constructor(take: (commands: Command[]) => Promise<void> | undefined, onIdle: () => void) {
    this.#take = take;
    this.#onIdle = onIdle;
  }

  get isIdle(): boolean {
    return !this.#isBusy && this.#waiting.length === 0;
  }

  /** The command has its turn at once when nobody else has. */
  add(command: Command): void {
    this.#waiting.push(command);
    this.#run();
  }

  /** Commands of the present turn are the first of the next. */
  putBack(commands: readonly Command[]): void {
    this.#waiting.unshift(...commands);
  }

  #run(): void {
    while (!this.#isBusy && this.#waiting.length > 0) {
      this.#isBusy = true;
      let done: Promise<void> | undefined;
      try {
        done = this.#take(this.#waiting.splice(0, commandsMax));
      } finally {
        this.#isBusy = done !== undefined;
      }
      void done?.finally(() => {
        this.#isBusy = false;
        this.#run();
      });
    }
    if (this.isIdle) this.#onIdle();
  }
}
