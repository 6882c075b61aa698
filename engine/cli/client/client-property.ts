import { didYouMean } from '../../base/suggest.ts';

/** One property of Kafka's clients that is used here: Java's name, and the names that librdkafka has for the same. */
interface ClientProperty {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Never shown. */
  readonly isSecret?: true;
  /** A path: kept absolute when a connection is saved. */
  readonly isFile?: true;
}

const secret = { isSecret: true } as const;
const file = { isFile: true } as const;

/** Every property that is used here. */
const clientProperties: readonly ClientProperty[] = [
  { name: 'bootstrap.servers', aliases: ['metadata.broker.list', 'bootstrap.server'] },
  { name: 'client.id' },
  { name: 'security.protocol' },
  { name: 'sasl.mechanism', aliases: ['sasl.mechanisms'] },
  { name: 'sasl.jaas.config', ...secret },
  { name: 'sasl.username' },
  { name: 'sasl.password', ...secret },
  { name: 'sasl.oauthbearer.token.endpoint.url' },
  { name: 'sasl.oauthbearer.client.credentials.client.id', aliases: ['sasl.oauthbearer.client.id'] },
  {
    name: 'sasl.oauthbearer.client.credentials.client.secret',
    aliases: ['sasl.oauthbearer.client.secret'],
    ...secret,
  },
  { name: 'sasl.oauthbearer.scope' },
  { name: 'sasl.oauthbearer.extensions' },
  { name: 'ssl.truststore.location', aliases: ['ssl.ca.location'], ...file },
  { name: 'ssl.truststore.certificates', aliases: ['ssl.ca.pem'] },
  { name: 'ssl.truststore.password', ...secret },
  { name: 'ssl.truststore.type' },
  { name: 'ssl.keystore.location', ...file },
  { name: 'ssl.keystore.certificate.chain', aliases: ['ssl.certificate.pem'] },
  { name: 'ssl.keystore.key', aliases: ['ssl.key.pem'], ...secret },
  { name: 'ssl.keystore.password', ...secret },
  { name: 'ssl.keystore.type' },
  { name: 'ssl.certificate.location', ...file },
  { name: 'ssl.key.location', ...file },
  { name: 'ssl.key.password', ...secret },
  { name: 'ssl.endpoint.identification.algorithm' },
  { name: 'enable.ssl.certificate.verification' },
  { name: 'request.timeout.ms', aliases: ['socket.timeout.ms'] },
  { name: 'socket.connection.setup.timeout.ms' },
  { name: 'retry.backoff.ms' },
  { name: 'metadata.max.age.ms', aliases: ['topic.metadata.refresh.interval.ms'] },
  { name: 'acks', aliases: ['request.required.acks'] },
  { name: 'compression.type', aliases: ['compression.codec'] },
  { name: 'linger.ms', aliases: ['queue.buffering.max.ms'] },
  { name: 'batch.size' },
  { name: 'enable.idempotence' },
  { name: 'delivery.timeout.ms', aliases: ['message.timeout.ms'] },
  { name: 'isolation.level' },
  { name: 'fetch.min.bytes' },
  { name: 'fetch.max.wait.ms', aliases: ['fetch.wait.max.ms'] },
  { name: 'max.partition.fetch.bytes', aliases: ['fetch.message.max.bytes'] },
  { name: 'client.rack' },
];

/** What Kafka's clients know and nothing here has a use for: a file that is shared with them may name it. */
const withoutEffect = new Set(
  `allow.auto.create.topics auto.commit.interval.ms auto.include.jmx.reporter auto.offset.reset buffer.memory check.crcs
  client.dns.lookup config.providers connections.max.idle.ms default.api.timeout.ms enable.auto.commit
  enable.metrics.push exclude.internal.topics fetch.max.bytes group.id group.instance.id group.protocol
  heartbeat.interval.ms key.deserializer key.serializer max.block.ms max.in.flight.requests.per.connection
  max.poll.interval.ms max.poll.records max.request.size message.send.max.retries metadata.max.idle.ms
  metadata.recovery.strategy metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms
  partition.assignment.strategy partitioner.class receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms
  retries retry.backoff.max.ms sasl.client.callback.handler.class sasl.login.callback.handler.class sasl.login.class
  sasl.login.connect.timeout.ms sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds
  sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor sasl.login.refresh.window.jitter
  sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms sasl.oauthbearer.method security.providers
  send.buffer.bytes session.timeout.ms socket.connection.setup.timeout.max.ms socket.keepalive.enable ssl.cipher.suites
  ssl.enabled.protocols ssl.keymanager.algorithm ssl.protocol ssl.provider ssl.secure.random.implementation
  ssl.trustmanager.algorithm transaction.timeout.ms transactional.id value.deserializer value.serializer
  api.version.request broker.address.family broker.version.fallback debug log_level statistics.interval.ms`.split(
    /\s+/,
  ),
);

const byName = new Map(
  clientProperties.flatMap((property) =>
    [property.name, ...(property.aliases ?? [])].map((name) => [name, property] as const),
  ),
);

/** The property that a name stands for; undefined when nothing here has a use for it. */
export function clientProperty(name: string): ClientProperty | undefined {
  return byName.get(name);
}

/** What to say about a name that nothing here has a use for. `where` says where it stands: `-X`, a file. */
export function unusedProperty(name: string, where: string): string {
  if (withoutEffect.has(name)) return `${where}: ${name} has no effect here`;
  return `${where}: expected a property of Kafka's clients, found "${name}"${didYouMean(name, [...byName.keys(), ...withoutEffect])}`;
}

/** A value as it may be shown. */
export function shownValue(name: string, value: string): string {
  const isReference = /^\$\{secret:[^}]*\}$/.test(value);
  // What nobody here knows may be a secret just as well.
  return isReference || byName.get(name)?.isSecret !== true ? value : '(hidden)';
}
