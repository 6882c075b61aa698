import { bundledName, readConnections } from '../client/saved-connections.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../command-output.ts';
import { exitCode } from '../exit-code.ts';

/** Saved connections, and which one commands use where none is named. */
export const connectionList: Command = {
  positionals: [],
  options: {},
  async run({ output, environment }) {
    const { current, connections } = readConnections(environment);
    const saved = Object.entries(connections).map(([name, values]) => ({
      name,
      inUse: name === current,
      bootstrapServers: values['bootstrap.servers'] ?? '',
      securityProtocol: values['security.protocol'] ?? 'PLAINTEXT',
    }));
    const all = [{ name: bundledName, inUse: current === null, bootstrapServers: '', securityProtocol: '' }, ...saved];
    const rows = all.map(({ name, inUse, bootstrapServers, securityProtocol }) => [
      inUse ? '*' : '',
      name,
      name === bundledName ? 'the cluster of this installation' : bootstrapServers,
      securityProtocol,
    ]);
    output.result(all, formatTable(['', 'NAME', 'SERVERS', 'SECURITY'], rows));
    return exitCode.ok;
  },
};
