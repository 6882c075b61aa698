import { connectionsPath, removeConnection } from '../client/saved-connections.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

export const connectionRemove: Command = {
  positionals: [{ name: 'name', isRequired: true, help: 'A saved connection' }],
  options: {},
  async run({ output, environment, positionals }) {
    const name = positionals[0]!;
    removeConnection(environment, name);
    output.result({ removed: name }, `Removed "${name}" from ${connectionsPath(environment)}.`);
    return exitCode.ok;
  },
};
