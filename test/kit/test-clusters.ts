import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { testApacheKafka, whyNoApacheKafka } from './apache-kafka.ts';
import { startBundledCluster } from './bundled-cluster.ts';
import { startKafkaRelay } from './kafka-relay.ts';

/** A running cluster for a test. */
export interface RunningCluster {
  readonly settings: Pick<KafkaConnectionSettings, 'transport' | 'bootstrapServers' | 'webSocketUrl'>;
  /** Drops every connection; only where a relay stands in between. */
  dropAll?(): void;
  stop(): Promise<void>;
}

/** A cluster that tests of the engine's client run against; `whyNot` says why this one cannot run here. */
export interface TestCluster {
  readonly name: string;
  readonly whyNot: string | undefined;
  start(): Promise<RunningCluster>;
}

const whyNotApache = whyNoApacheKafka();
const named = (name: string, whyNot: string | undefined) => (whyNot ? `${name} (skipped: ${whyNot})` : name);

async function apacheKafka(isRelayed: boolean): Promise<RunningCluster> {
  const kafka = await testApacheKafka();
  if (!isRelayed)
    return { settings: { transport: 'tcp', bootstrapServers: kafka.bootstrap }, stop: () => kafka.stop() };
  const relay = await startKafkaRelay();
  return {
    settings: { transport: 'websocket', bootstrapServers: kafka.bootstrap, webSocketUrl: relay.url },
    dropAll: relay.dropAll,
    stop: async () => {
      await relay.stop();
      await kafka.stop();
    },
  };
}

async function bundled(transport: 'tcp' | 'websocket'): Promise<RunningCluster> {
  const cluster = await startBundledCluster(Number(process.env.MILLRACE_TEST_BROKERS ?? 3));
  return { settings: { transport, bootstrapServers: cluster.bootstrap }, stop: cluster.stop };
}

/** Every cluster that the engine's client is tested on. `MILLRACE_TEST_KAFKA=host:port` uses a Kafka that runs already. */
export const testClusters: readonly TestCluster[] = [
  { name: 'the bundled cluster over WebSocket', whyNot: undefined, start: () => bundled('websocket') },
  { name: 'the bundled cluster over TCP', whyNot: undefined, start: () => bundled('tcp') },
  { name: named('Apache Kafka over TCP', whyNotApache), whyNot: whyNotApache, start: () => apacheKafka(false) },
  {
    name: named('Apache Kafka behind a WebSocket relay', whyNotApache),
    whyNot: whyNotApache,
    start: () => apacheKafka(true),
  },
];
