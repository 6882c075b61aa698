import { createLog } from '../base/log.ts';
import { streamLogSink } from '../host/json-log-sink.ts';
import { NodeClock } from '../host/node-clock.ts';
import { NodeRandom } from '../host/node-random.ts';
import { KafkaConnection } from '../kafka/connection.ts';
import { bundledClusterAddress } from './bundled-cluster.ts';
import type { Command, Invocation } from './command.ts';
import { UsageError } from './command.ts';
import { textOption } from './command-values.ts';

/** Options of the commands that talk to a cluster directly. */
export const clusterOptions: Command['options'] = {
  cluster: {
    type: 'string',
    value: 'host:port',
    help: 'Bundled cluster to talk to; the one that runs here by default',
  },
  servers: { type: 'string', value: 'host:port', help: 'Any other Kafka cluster, over TCP' },
  'bootstrap-server': {
    type: 'string',
    short: 'b',
    value: 'host:port',
    help: "The same, by the name of Kafka's own tools",
  },
};

/** The Kafka Connection that the options name. Warnings of the client go to standard error as JSON lines. */
export function openCluster(invocation: Invocation): KafkaConnection {
  const named = [textOption(invocation, 'servers'), textOption(invocation, 'bootstrap-server')];
  const [servers, other] = named.filter((text) => text !== undefined);
  const cluster = textOption(invocation, 'cluster');
  if (other !== undefined && other !== servers)
    throw new UsageError(`expected one of --servers and --bootstrap-server, found "${servers}" and "${other}"`);
  if (servers !== undefined && cluster !== undefined)
    throw new UsageError('expected --cluster or --servers, found both');
  const host = {
    clock: new NodeClock(),
    random: new NodeRandom(),
    log: createLog(streamLogSink(process.stderr), {}, 'error'),
  };
  if (servers !== undefined)
    return new KafkaConnection({ name: 'servers', transport: 'tcp', bootstrapServers: servers }, host);
  const bootstrapServers = bundledClusterAddress(cluster, invocation.environment);
  return new KafkaConnection({ name: 'bundled cluster', transport: 'websocket', bootstrapServers }, host);
}
