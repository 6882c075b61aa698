import { chooseConnection } from '../client/saved-connections.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

export const connectionUse: Command = {
  positionals: [
    { name: 'name', isRequired: true, help: 'A saved connection; bundled for the cluster of this installation' },
  ],
  options: {},
  async run({ output, environment, positionals }) {
    const name = positionals[0]!;
    chooseConnection(environment, name);
    output.result({ current: name }, `Commands use "${name}" where no other cluster is named.`);
    return exitCode.ok;
  },
};
