import type { Command, CommandEntry } from './command.ts';

const commonOptions = {
  json: { type: 'boolean', help: 'Machine-readable output: JSON, one document per line' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
} as const;

/** Options that every command has. */
export const optionsOfEveryCommand: Command['options'] = commonOptions;

function usage({ path }: CommandEntry, { positionals }: Command): string {
  const names = positionals.map(({ name, isRequired, isRest }) => {
    const shown = `${isRequired ? `<${name}>` : `[${name}]`}${isRest ? '...' : ''}`;
    return ` ${shown}`;
  });
  return `millrace ${path.join(' ')}${names.join('')}`;
}

function rows(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** The page of `millrace help`. */
export function overview(commands: readonly CommandEntry[]): string {
  const list = rows(commands.map((command) => [command.path.join(' '), command.summary] as const));
  return `millrace <command> [options]\n\n${list}\n\nmillrace <command> --help shows a command's options.`;
}

/** The page of one command, made from its declaration. */
export function commandHelp(entry: CommandEntry, command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => {
    const { short, value } = { short: undefined, value: undefined, ...option };
    return [`${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`, option.help] as const;
  });
  const parts = [usage(entry, command), entry.summary];
  if (command.positionals.length)
    parts.push(rows(command.positionals.map(({ name, help }) => [`<${name}>`, help] as const)));
  parts.push(`Options:\n${rows(options)}`);
  return parts.join('\n\n');
}
