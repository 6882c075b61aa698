import { parseArgs } from 'node:util';
import { MillraceError, messageOf } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Command, CommandEntry } from './command.ts';
import { UsageError } from './command.ts';
import { CommandOutput } from './command-output.ts';
import { commands } from './commands.ts';
import { exitCode, exitCodeOf } from './exit-code.ts';
import { commandHelp, optionsOfEveryCommand, overview } from './help.ts';
import type { Interruption } from './interruption.ts';
import { interruptedBy } from './interruption.ts';

/** Codes that mean that the project itself is wrong. */
const invalidProjectCodes =
  /^(PROJECT_INVALID|PROJECT_UNREADABLE|PROJECT_NOT_FOUND|PROPERTY_|PROFILE_|SECRET_IN_PROJECT|BUNDLE_(?!NOT_WRITTEN|UNPACK_FAILED))/;

/** The command that the words name. */
function findCommand(words: readonly string[]): CommandEntry | undefined {
  return commands.find(({ path }) => path.every((name, index) => words[index] === name));
}

/** The commands below a word such as `topic`. */
function commandsBelow(word: string): readonly CommandEntry[] {
  return commands.filter(({ path }) => path.length > 1 && path[0] === word);
}

function unknownCommand(words: readonly string[]): UsageError {
  const within = commandsBelow(words[0]!).map(({ path }) => path.join(' '));
  if (within.length) {
    const meant = words[1] === undefined ? '' : didYouMean(words.slice(0, 2).join(' '), within);
    return new UsageError(`expected one of: ${within.join(', ')}${meant}`);
  }
  const meant = didYouMean(words[0]!, [...new Set(commands.map(({ path }) => path[0]!))]);
  return new UsageError(`unknown command "${words[0]}"; millrace help lists all commands${meant}`);
}

/** Whether `--json` is asked for: anywhere but behind `--`, where words are values. */
function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes('--json');
}

/** The words from the command on: `--json` may stand in front of it too. */
function fromCommandOn(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word !== '--json');
  return at < 0 ? [] : words.slice(at);
}

/** `help topic create` asks for what `topic create --help` shows. */
function withoutHelpWord(words: readonly string[]): readonly string[] {
  if (words[0] !== 'help') return words;
  const topic = fromCommandOn(words.slice(1));
  return topic.length ? [...topic, '--help'] : ['help'];
}

/**
 * Watches what is written. A reader that closes the pipe (`| head`) ends the command and is not a failure; results that cannot
 * be written (a full disk) are one. Progress that nobody reads any more ends nothing.
 */
function watchStreams(output: CommandOutput): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') output.failure('OUTPUT_FAILED', `could not write the result: ${error.message}`);
    process.exit(error.code === 'EPIPE' ? (process.exitCode ?? exitCode.ok) : exitCode.failed);
  });
}

/**
 * Runs one command line and returns the exit code. Standard streams are those of this process; `interruption` stands for its
 * signals, which are caught from before this file was loaded.
 */
export async function runCommandLine(words: readonly string[], interruption?: Interruption): Promise<number> {
  const isJson = wantsJson(words);
  const output = new CommandOutput(isJson, process.stdout, (text) => process.stderr.write(text));
  watchStreams(output);
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

async function dispatch(given: readonly string[], output: CommandOutput, signals?: Interruption): Promise<number> {
  const words = withoutHelpWord(fromCommandOn(given));
  const [first] = words;
  const showHelp = (help: string) => {
    output.result({ help }, help);
    return exitCode.ok;
  };
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return showHelp(overview(commands));
  const isVersion = first === '--version' || first === '-V';
  const entry = findCommand(isVersion ? ['version'] : words);
  if (!entry && commandsBelow(first).length && words.some((word) => word === '--help' || word === '-h'))
    return showHelp(overview(commandsBelow(first)));
  if (!entry) throw unknownCommand(words);
  const command = await entry.load();
  // Ended before it began.
  if (signals?.signal.aborted) return exitCodeOf(signals.signal.reason);
  const args = words.slice(isVersion ? 1 : entry.path.length);
  const name = entry.path.join(' ');
  const { values, positionals } = parse(name, command, args);
  if (values.help) return showHelp(commandHelp(entry, command));
  checkPositionals(name, command, positionals);
  const interrupted = signals?.signal ?? new AbortController().signal;
  const running = command.run({
    positionals,
    values,
    output,
    commands,
    environment: process.env,
    interrupted,
    input: standardInput(interrupted),
  });
  return command.endsInOrder ? running : Promise.race([running, interruptedBy(interrupted)]);
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
    const message = messageOf(error).split('. To specify')[0]!;
    const unknown = /^Unknown option '(--?[^']+)'/.exec(message)?.[1];
    const all = Object.keys(options).map((option) => `--${option}`);
    throw new UsageError(`${name}: ${message}${unknown === undefined ? '' : didYouMean(unknown, all)}`);
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
