import type { CommandOutput } from './command-output.ts';

/** One option of a command; parsing, help and checks come from here. */
export interface OptionDeclaration {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `host:port`. */
  readonly value?: string;
  readonly help: string;
}

export interface PositionalDeclaration {
  readonly name: string;
  readonly isRequired?: boolean;
  /** Takes all the rest. */
  readonly isRest?: boolean;
  readonly help: string;
}

/** One command, one file in commands/; commands.ts has its words and its summary. */
export interface Command {
  readonly positionals: readonly PositionalDeclaration[];
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  /** It has something to bring to its end when it is interrupted, and returns then; any other command is over at once, whatever it waits for. */
  readonly endsInOrder?: boolean;
  /** Does it and returns the exit code. A thrown MillraceError becomes one line on standard error and exit code 1 or 3. */
  run(invocation: Invocation): Promise<number>;
}

/** A command by its words; its file is loaded when it is asked for, so that a short command starts in no time. */
export interface CommandEntry {
  /** `['topic', 'create']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** A parsed command line. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly output: CommandOutput;
  /** Every command there is. */
  readonly commands: readonly CommandEntry[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl+C or SIGTERM. A second one ends the process at once. */
  readonly interrupted: AbortSignal;
  /** Standard input, as it comes; it ends when the command is interrupted. */
  readonly input: AsyncIterable<Buffer>;
}

/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
