import type { Clock } from '../../base/clock.ts';
import type { KafkaConnectionSettings } from '../../kafka/connection.ts';
import type { FetchSettings } from '../../kafka/consumer/fetch-settings.ts';
import type { ProducerSettings } from '../../kafka/producer-settings.ts';
import { PropertyReader } from './property-reader.ts';
import { saslFrom } from './sasl-from.ts';
import { tlsFrom } from './tls-from.ts';

type Security = Pick<KafkaConnectionSettings, 'tls' | 'sasl'>;

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const msMax = 2_147_483_647;

/** A client's options as they follow from its properties, wherever those came from. This is the one place that turns them. */
export interface ClientSettings {
  /** Undefined where the properties do not say. */
  readonly bootstrapServers: string | undefined;
  readonly security: Security;
  readonly timing: Pick<
    KafkaConnectionSettings,
    'clientId' | 'connectWaitMsMax' | 'requestTimeoutMs' | 'retryBackoffMs' | 'metadataMaxAgeMs'
  >;
  readonly producer: Partial<ProducerSettings>;
  readonly fetch: Partial<FetchSettings>;
  /** `SASL_SSL with SCRAM-SHA-512 as alice`; never a secret. */
  readonly summary: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Leaves out what is undefined: with exact optional properties that is another thing than not being there. */
function present<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Partial<Mutable<T>> = {};
  for (const key of Object.keys(values) as (keyof T)[])
    if (values[key] !== undefined) kept[key] = values[key] as T[keyof T];
  return kept;
}

/**
 * The options of a client by its properties (Java's names, secrets filled in). Throws CLIENT_PROPERTY_INVALID, FILE_READ_FAILED,
 * KAFKA_BAD_CERTIFICATE.
 */
export function clientSettingsFrom(values: ReadonlyMap<string, string>, clock: Clock): ClientSettings {
  const reader = new PropertyReader(values);
  // librdkafka and Java alike speak plain text unless told otherwise, whatever else is set.
  const protocol = reader.choice('security.protocol', protocols) ?? 'PLAINTEXT';
  const sasl = protocol.startsWith('SASL') ? saslFrom(reader, clock) : undefined;
  const tls = protocol.endsWith('SSL') ? tlsFrom(reader) : undefined;
  return {
    bootstrapServers: reader.text('bootstrap.servers'),
    security: { sasl, tls },
    timing: present({
      clientId: reader.text('client.id'),
      connectWaitMsMax: reader.number('socket.connection.setup.timeout.ms', 1, msMax),
      requestTimeoutMs: reader.number('request.timeout.ms', 1, msMax),
      retryBackoffMs: reader.number('retry.backoff.ms', 1, msMax),
      metadataMaxAgeMs: reader.number('metadata.max.age.ms', 1, msMax),
    }),
    producer: producerFrom(reader),
    fetch: present<FetchSettings>({
      isolation: reader.choice('isolation.level', ['read_uncommitted', 'read_committed']),
      fetchMinBytes: reader.number('fetch.min.bytes', 0, msMax),
      fetchWaitMsMax: reader.number('fetch.max.wait.ms', 0, msMax),
      partitionFetchBytesMax: reader.number('max.partition.fetch.bytes', 1, msMax),
      clientRack: reader.text('client.rack'),
    } as { readonly [K in keyof FetchSettings]: FetchSettings[K] | undefined }),
    summary: summaryOf(protocol, sasl, tls),
  };
}

function producerFrom(reader: PropertyReader): Partial<ProducerSettings> {
  const acks = reader.choice('acks', ['all', '-1', '0', '1']);
  const isIdempotent = reader.flag('enable.idempotence') ?? (acks === '0' || acks === '1' ? false : undefined);
  return present<ProducerSettings>({
    acks: acks === undefined ? undefined : acks === '0' ? 0 : acks === '1' ? 1 : 'all',
    compression: reader.choice('compression.type', ['none', 'gzip', 'snappy', 'lz4', 'zstd']),
    idempotent: isIdempotent,
    lingerMs: reader.number('linger.ms', 0, msMax),
    batchBytesMax: reader.number('batch.size', 1, msMax),
    deliveryWaitMsMax: reader.number('delivery.timeout.ms', 1, msMax),
  } as { readonly [K in keyof ProducerSettings]: ProducerSettings[K] | undefined });
}

function summaryOf(protocol: string, sasl: Security['sasl'], tls: Security['tls']): string {
  const who = sasl && 'username' in sasl ? ` as ${sasl.username}` : '';
  const login = sasl ? ` with ${sasl.mechanism}${who}` : '';
  const unchecked = tls?.checks === 'nothing' ? ", the broker's certificate is not checked" : '';
  return `${protocol}${login}${unchecked}`;
}
