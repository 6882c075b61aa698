import { MillraceError } from '../../base/errors.ts';
import { NodeClock } from '../../host/node-clock.ts';
import { parseServerList } from '../../kafka/server-address.ts';
import { clientSettingsFrom } from '../client/client-settings.ts';
import { givenProperties, readCommandConfig, withSecrets } from '../client/given-properties.ts';
import { propertyOptions } from '../client/named-properties.ts';
import { bundledName, chooseConnection, connectionsPath, saveConnection } from '../client/saved-connections.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, pairListOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The properties of the options, checked as far as that goes without connecting. */
function propertiesOf(invocation: Invocation): ReadonlyMap<string, string> {
  const file = textOption(invocation, 'command-config');
  const servers = textOption(invocation, 'bootstrap-server');
  const layers = [
    ...(file === undefined ? [] : [readCommandConfig(file)]),
    givenProperties(pairListOption(invocation, 'property'), '-X'),
    givenProperties(servers === undefined ? [] : [['bootstrap.servers', servers]], '--bootstrap-server'),
  ];
  for (const warning of layers.flatMap((layer) => layer.warnings))
    invocation.output.event({ warning }, `millrace: warning: ${warning}; it is not saved`);
  return new Map(layers.flatMap((layer) => [...layer.values]));
}

function check(values: ReadonlyMap<string, string>, { environment }: Invocation): void {
  const servers = parseServerList(values.get('bootstrap.servers') ?? '');
  if (!servers.ok) throw new UsageError(`--bootstrap-server: ${servers.error}`);
  try {
    clientSettingsFrom(withSecrets(values, environment), new NodeClock());
  } catch (error) {
    // A secret that this shell does not have is looked for again with each use.
    if (!(error instanceof MillraceError) || error.code !== 'SECRET_MISSING') throw error;
  }
}

/** Saves a connection under a name: what --command-config says at this moment, -X and -b over it. */
export const connectionAdd: Command = {
  positionals: [{ name: 'name', isRequired: true, help: 'Letters, digits, dots, underscores and hyphens' }],
  options: {
    'bootstrap-server': { type: 'string', short: 'b', value: 'host:port', help: 'Where the cluster is' },
    ...propertyOptions,
    use: { type: 'boolean', help: 'Use it from now on where no other is named' },
  },
  async run(invocation) {
    const { output, environment } = invocation;
    const name = invocation.positionals[0]!;
    if (!namePattern.test(name) || name === bundledName)
      throw new UsageError(`connection add: expected a name like prod-eu, found "${name}"`);
    const values = propertiesOf(invocation);
    check(values, invocation);
    saveConnection(environment, name, values);
    if (flagOption(invocation, 'use')) chooseConnection(environment, name);
    const path = connectionsPath(environment);
    output.result(
      { name, path, mode: '600' },
      `Saved "${name}" in ${path}, with its secrets; mode 600, for you alone.`,
    );
    return exitCode.ok;
  },
};
