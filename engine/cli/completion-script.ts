import type { Command } from './command.ts';
import { optionsOfEveryCommand } from './help.ts';

/** A command, loaded, by its words. */
export interface LoadedCommand {
  readonly path: readonly string[];
  readonly summary: string;
  readonly command: Command;
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What a shell reads to complete command lines of millrace; made from the declarations of the commands. */
export function completionScript(shell: Shell, commands: readonly LoadedCommand[]): string {
  if (shell === 'fish') return fishScript(commands);
  const head = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return head + bashScript(commands);
}

function optionsOf({ command }: LoadedCommand): readonly string[] {
  return Object.keys({ ...command.options, ...optionsOfEveryCommand });
}

/** First words, and for each of those that have a second one, the second ones. */
function wordsOf(commands: readonly LoadedCommand[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>();
  for (const { path } of commands) {
    const [first = '', second] = path;
    words.set(first, [...(words.get(first) ?? []), ...(second === undefined ? [] : [second])]);
  }
  return words;
}

function bashScript(commands: readonly LoadedCommand[]): string {
  const words = wordsOf(commands);
  const branches = [
    ...commands.map(
      (each) =>
        `    "${each.path.join(' ')} "*) options="${optionsOf(each)
          .map((name) => `--${name}`)
          .join(' ')}" ;;`,
    ),
    ...[...words].flatMap(([first, seconds]) =>
      seconds.length ? [`    "${first} ") words="${seconds.join(' ')}" ;;`] : [],
    ),
    `    " ") words="${[...words.keys(), 'help'].join(' ')}" ;;`,
  ];
  return `_millrace() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" words="" options=""
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1} " in
${branches.join('\n')}
  esac
  [[ "$cur" == -* ]] && words="$options"
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _millrace millrace
`;
}

function fishScript(commands: readonly LoadedCommand[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = ['complete -c millrace -n __fish_use_subcommand -f'];
  for (const [first, seconds] of wordsOf(commands)) {
    lines.push(`complete -c millrace -n __fish_use_subcommand -a ${first}`);
    if (seconds.length)
      lines.push(
        `complete -c millrace -f -n '__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${seconds.join(' ')}' -a '${seconds.join(' ')}'`,
      );
  }
  for (const each of commands) {
    const seen = each.path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    for (const [name, { help, short }] of Object.entries({ ...each.command.options, ...optionsOfEveryCommand }))
      lines.push(
        `complete -c millrace -n '${seen}' -l ${name}${short === undefined ? '' : ` -s ${short}`} -d ${quoted(help)}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
