import { parseArgs } from 'node:util';
import { MillraceError, messageOf } from '../base/errors.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { CommandOutput } from './command-output.ts';
import type { CommandEntry } from './commands.ts';
import { commands } from './commands.ts';
import { exitCode, exitCodeOf } from './exit-code.ts';
import { commandHelp, optionsOfEveryCommand, overview } from './help.ts';
import type { Interruption } from './interruption.ts';

/** Codes that mean that the project itself is wrong. */
const invalidProjectCodes =
  /^(PROJECT_INVALID|PROJECT_UNREADABLE|PROJECT_NOT_FOUND|PROPERTY_|PROFILE_|SECRET_IN_PROJECT|BUNDLE_)/;

/** The command that the words name. */
function findCommand(words: readonly string[]): CommandEntry | undefined {
  return commands.find(({ path }) => path.every((name, index) => words[index] === name));
}

function unknownCommand(words: readonly string[]): UsageError {
  const within = commands
    .filter(({ path }) => path.length > 1 && path[0] === words[0])
    .map(({ path }) => path.join(' '));
  if (within.length) return new UsageError(`expected one of: ${within.join(', ')}`);
  return new UsageError(`unknown command "${words[0]}"; millrace help lists all commands`);
}

/**
 * Runs one command line and returns the exit code. Standard streams are those of this process; `interruption` stands for its
 * signals, which are caught from before this file was loaded.
 */
export async function runCommandLine(words: readonly string[], interruption?: Interruption): Promise<number> {
  const isJson = words.includes('--json');
  const output = new CommandOutput(isJson, process.stdout, (text) => process.stderr.write(text));
  // A reader that closes the pipe (`| head`) ends the command, it is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCode.ok);
  });
  try {
    return await dispatch(words, output, interruption);
  } catch (error) {
    if (error instanceof UsageError) {
      output.failure('USAGE', error.message);
      return exitCode.usage;
    }
    if (error instanceof MillraceError) {
      output.failure(error.code, error.message, Object.keys(error.details).length ? error.details : undefined);
      if (error.code === 'USAGE') return exitCode.usage;
      return invalidProjectCodes.test(error.code) ? exitCode.invalidProject : exitCode.failed;
    }
    // A bug of ours: the stack is what helps.
    output.failure('INTERNAL_ERROR', messageOf(error));
    if (error instanceof Error && !isJson) process.stderr.write(`${error.stack}\n`);
    return exitCode.failed;
  }
}

async function dispatch(words: readonly string[], output: CommandOutput, signals?: Interruption): Promise<number> {
  const [first] = words;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    process.stdout.write(`${overview(commands)}\n`);
    return exitCode.ok;
  }
  const entry = findCommand(first === '--version' ? ['version'] : words);
  if (!entry) throw unknownCommand(words);
  const command = await entry.load();
  // Ended before it began.
  if (signals?.signal.aborted) return exitCodeOf(signals.signal.reason);
  const args = words.slice(first === '--version' ? 1 : entry.path.length);
  if (command.runArguments) {
    signals?.release();
    if (!args.includes('--help') && !args.includes('-h')) return command.runArguments(args);
    // Without arguments it shows its help.
    await command.runArguments([]);
    return exitCode.ok;
  }
  const name = entry.path.join(' ');
  const { values, positionals } = parse(name, command, args);
  if (values.help) {
    process.stdout.write(`${commandHelp(entry, command)}\n`);
    return exitCode.ok;
  }
  checkPositionals(name, command, positionals);
  const interrupted = signals?.signal ?? new AbortController().signal;
  return command.run({
    positionals,
    values,
    output,
    environment: process.env,
    interrupted,
    input: standardInput(interrupted),
  });
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...optionsOfEveryCommand }).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: values as Record<string, string | boolean | string[] | undefined>, positionals };
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error).split('. To specify')[0]}`);
  }
}

function checkPositionals(name: string, command: Command, positionals: readonly string[]): void {
  const missing = command.positionals.find(({ isRequired }, index) => isRequired && positionals[index] === undefined);
  if (missing) throw new UsageError(`${name}: expected <${missing.name}>; millrace ${name} --help says more`);
  const isOpen = command.positionals.some(({ isRest }) => isRest);
  if (!isOpen && positionals.length > command.positionals.length)
    throw new UsageError(
      `${name}: expected ${command.positionals.length} arguments, found "${positionals.at(-1)}" as well`,
    );
}

async function* standardInput(interrupted: AbortSignal): AsyncGenerator<Buffer> {
  const end = () => process.stdin.destroy();
  if (interrupted.aborted) return;
  interrupted.addEventListener('abort', end, { once: true });
  try {
    for await (const chunk of process.stdin) yield chunk as Buffer;
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    interrupted.removeEventListener('abort', end);
  }
}
