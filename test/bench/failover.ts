import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { startApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';
import { millrace } from './cluster-under-test.ts';

/*
 * How long a running producer stands still when its leader is killed with -9: `node test/bench/failover.ts [rounds]`, after
 * `npm run build`. Our client, acks=all, one record every few milliseconds to each of three partitions of three replicas; the longest gap
 * between two acknowledgements of one partition. A new cluster each round, ours and Apache Kafka's in turn.
 */

const partitions = 3;
const sendIntervalMs = 5;
const steadyMs = 3_000;
const watchMs = 20_000;

interface Brokers {
  readonly bootstrap: string;
  /** SIGKILL to the process of this broker. */
  kill(broker: number): void;
  stop(): Promise<unknown>;
}

type Start = () => Promise<Brokers>;

/** Brokers have the ids 1, 2, 3, and their processes stand in that order. */
function killing<T extends { readonly pids: readonly number[] }>(cluster: T): T & { kill(broker: number): void } {
  return { ...cluster, kill: (broker: number) => void process.kill(cluster.pids[broker - 1]!, 'SIGKILL') };
}

/** As users start it: a killed broker is started again at once. */
const supervised: Start = async () => killing(await millrace.start());

/** As if the machine of the killed broker were gone. */
const leftDead: Start = async () => {
  const { handle, bootstrap, stop } = await startBundledCluster(3);
  return { bootstrap, stop, kill: (broker) => void handle.kill(broker) };
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The longest gap of the partition that the killed broker led, and of the others, in milliseconds. */
async function measured(brokers: Brokers): Promise<{ led: number; others: number; failed: number }> {
  const connection = testConnection({ bootstrapServers: brokers.bootstrap });
  const admin = new KafkaAdmin(connection);
  const topic = 'failover';
  await admin.createTopic({ name: topic, partitions, replicas: 3 });
  const leadersOf = async () => (await admin.describeTopic(topic)).partitions.map(({ leader }) => leader);
  const leaders = await until('leaders', async () => {
    const found = await leadersOf();
    return found.every((leader) => leader > 0) ? found : undefined;
  });
  const producer = new KafkaProducer(connection);
  const lastAt = new Array<number>(partitions).fill(Number.NaN);
  const gaps = new Array<number>(partitions).fill(0);
  let failed = 0;
  let isCounting = false;
  const timer = setInterval(() => {
    for (let partition = 0; partition < partitions; partition++) {
      if (producer.ready()) return;
      const sent = () => {
        const now = performance.now();
        if (isCounting) gaps[partition] = Math.max(gaps[partition]!, now - lastAt[partition]!);
        lastAt[partition] = now;
      };
      const value = Buffer.from('x'.repeat(100));
      producer.deliver({ topic, partition, value }, { sent, failed: () => failed++ });
    }
  }, sendIntervalMs);
  await pause(steadyMs);
  isCounting = true;
  const victim = leaders[0]!;
  brokers.kill(victim);
  await pause(watchMs);
  clearInterval(timer);
  await producer.close();
  await admin.close();
  const led = Math.max(...gaps.filter((_, partition) => leaders[partition] === victim));
  return { led, others: Math.max(...gaps.filter((_, partition) => leaders[partition] !== victim), 0), failed };
}

const rounds = Number(process.argv[2] ?? 3);
const contenders: [string, Start][] = [
  ['Millrace, started again', supervised],
  ['Millrace, left dead', leftDead],
];
const whyNot = whyNoApacheKafka();
if (whyNot) console.log(`Apache Kafka is left out: ${whyNot}`);
else contenders.push(['Apache Kafka 4.4.0', async () => killing(await startApacheKafka({ nodes: 3 }))]);
for (let round = 1; round <= rounds; round++)
  for (const [name, start] of contenders) {
    const brokers = await start();
    try {
      const { led, others, failed } = await measured(brokers);
      console.log(
        `${name.padEnd(24)} round ${round}: ${led.toFixed(0)} ms without an acknowledgement of what the killed broker led, ${others.toFixed(0)} ms of the others; ${failed} sends failed`,
      );
    } finally {
      await brokers.stop();
    }
  }
process.exit(0);
