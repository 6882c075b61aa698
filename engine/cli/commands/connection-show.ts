import { shownValue } from '../client/client-property.ts';
import { readConnections, savedConnection } from '../client/saved-connections.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

/** The properties of a saved connection; secrets are hidden, references to secrets are not. */
export const connectionShow: Command = {
  positionals: [{ name: 'name', isRequired: true, help: 'A saved connection' }],
  options: {},
  async run({ output, environment, positionals }) {
    const values = savedConnection(readConnections(environment), positionals[0]!);
    const shown = Object.entries(values).map(([name, value]) => [name, shownValue(name, value)] as const);
    output.result(Object.fromEntries(shown), shown.map(([name, value]) => `${name}=${value}`).join('\n'));
    return exitCode.ok;
  },
};
