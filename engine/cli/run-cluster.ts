import { runtimes } from '../../palette/runtimes.ts';
import { KafkaConnection } from '../kafka/connection.ts';
import { clusterOptions, openClient } from './cluster-options.ts';
import type { Command, Invocation } from './command.ts';
import { listOption, textOption } from './command-values.ts';

type Runtimes = typeof runtimes;
type Runtime = Awaited<ReturnType<Runtimes[string]>>;
type Resource = Extract<Runtime, { readonly kind: 'resource' }>;
type Open = (...args: Parameters<Resource['open']>) => ReturnType<Resource['open']>;

const connectionType = 'kafka.connection';
const { 'bootstrap-server': bootstrapServer, connection, 'command-config': commandConfig, property } = clusterOptions;

/** Options that put another cluster in the place of the bundled one. */
export const runClusterOptions: Command['options'] = {
  'bootstrap-server': { ...bootstrapServer!, help: 'Any Kafka, in place of the bundled cluster' },
  connection: connection!,
  'command-config': commandConfig!,
  property: property!,
};

/**
 * The palette's runtimes, with the cluster that the options name in the place of the bundled one: a Kafka Connection that says
 * Bundled cluster goes there. Others go where they say. A connection that is in use for other commands is not meant: a run must not go to
 * another cluster because of what was chosen elsewhere.
 */
export function runtimesFor(invocation: Invocation): Runtimes {
  const isNamed =
    ['bootstrap-server', 'connection', 'command-config'].some((name) => textOption(invocation, name) !== undefined) ||
    listOption(invocation, 'property').length > 0;
  if (!isNamed) return runtimes;
  const { settings } = openClient(invocation).connection;
  const load = async (): Promise<Runtime> => {
    const inner = await runtimes[connectionType]!();
    return inner.kind === 'resource' ? { ...inner, open: openOn(settings, inner.open.bind(inner)) } : inner;
  };
  return { ...runtimes, [connectionType]: load };
}

/** Opens what says Bundled cluster on `settings`, with its own times and client id where those do not say. */
function openOn(settings: KafkaConnection['settings'], open: Open): Open {
  return async (config, host) => {
    const asked: { readonly cluster?: string } = config;
    if (asked.cluster !== 'bundled') return open(config, host);
    const { bootstrapServers } = settings;
    const servers = { ...asked, cluster: 'servers', bootstrapServers, securityProtocol: 'PLAINTEXT' };
    const opened = await open(servers as never, host);
    const own = (opened.value as KafkaConnection).settings;
    return { ...opened, value: new KafkaConnection({ ...own, ...settings, name: own.name }, host) };
  };
}
