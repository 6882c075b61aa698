import type { Command } from '../command.ts';
import { UsageError } from '../command.ts';
import type { Shell } from '../completion-script.ts';
import { completionScript, shells } from '../completion-script.ts';
import { exitCode } from '../exit-code.ts';

/** `millrace completion bash`: what a shell reads; `source <(millrace completion bash)` in its start file. */
export const completion: Command = {
  positionals: [{ name: 'shell', isRequired: true, help: 'bash, zsh or fish' }],
  options: {},
  async run({ positionals, output, commands }) {
    const shell = shells.find((name) => name === positionals[0]) as Shell | undefined;
    if (!shell) throw new UsageError(`completion: expected ${shells.join(', ')}, found "${positionals[0]}"`);
    const loaded = await Promise.all(
      commands.map(async ({ path, summary, load }) => ({ path, summary, command: await load() })),
    );
    const script = completionScript(shell, loaded);
    if (output.isJson) output.result({ shell, script }, script);
    else output.write(script);
    return exitCode.ok;
  },
};
