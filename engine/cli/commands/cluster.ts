import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** `millrace cluster ...`: engine/cli/cluster.ts reads its own arguments. */
export const cluster: Command = {
  positionals: [],
  options: {},
  runArguments: async (args) => {
    // Loaded when asked for: it brings the whole broker along.
    const { runCluster } = await import('../cluster.ts');
    return runCluster(args, (text) => process.stdout.write(text));
  },
  run: async () => exitCode.usage,
};
