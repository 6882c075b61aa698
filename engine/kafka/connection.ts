import type { Socket } from 'node:net';
import type { BaseOptions } from '@platformatic/kafka';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import type { Clock } from '../base/clock.ts';
import type { MillraceError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Dialer } from '../base/net.ts';
import type { Random } from '../base/random.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { ServerAddress } from './server-address.ts';
import { formatServerAddress, isLoopbackHost, parseServerList } from './server-address.ts';
import { nodeDialer } from './wire/node-dialer.ts';
import type { PasswordSettings, SaslSettings } from './wire/sasl/sasl-settings.ts';
import type { TlsSettings } from './wire/tls-options.ts';
import { checkTls } from './wire/tls-options.ts';
import { WsSocket } from './ws-socket.ts';

/** What a Kafka Connection needs to be opened. Times in milliseconds. */
export interface KafkaConnectionSettings {
  /** Shown in messages. */
  readonly name: string;
  /** The bundled cluster is reached over WebSockets, every other one over TCP. */
  readonly transport: 'websocket' | 'tcp';
  /** `host:port` list, as in Kafka's `bootstrap.servers`. */
  readonly bootstrapServers: string;
  /** Kafka's `client.id`; quotas and broker logs see it. */
  readonly clientId?: string;
  readonly connectWaitMsMax?: number;
  readonly requestTimeoutMs?: number;
  readonly retryBackoffMs?: number;
  readonly metadataMaxAgeMs?: number;
  /** TLS for TCP. */
  readonly tls?: TlsSettings | undefined;
  readonly sasl?: SaslSettings | undefined;
  /** Creates topics that a process names and that are missing. Only at the desk: on other clusters a typing error must not make one. */
  readonly createsTopics?: boolean;
  /** Where the WebSocket of an advertised address really is; default `ws://host:port/kafka`. */
  readonly webSocketUrl?: (address: ServerAddress) => string;
}

/** Ground that every client of a connection stands on. */
export interface KafkaHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Opens connections in place of sockets: tests and the simulation. */
  readonly dialer?: Dialer;
}

/** Options of the library's consumer that clients of a connection set; times in milliseconds. */
export interface ConsumerTuning {
  readonly sessionTimeout?: number;
  readonly heartbeatInterval?: number;
  readonly rebalanceTimeout?: number;
  readonly requestTimeout?: number;
  readonly retries?: number;
}

/** Retries of one request inside the client library; with its back-off they span about 10 s, a broker restart. */
const requestRetriesMax = 12;
const retryBackoffMsMax = 1_000;

/**
 * A Kafka Connection at run time: what producers, consumers and admins of one cluster share. It owns no socket itself; each
 * client has its own, so that a long fetch holds up neither a heartbeat nor a send.
 */
export class KafkaConnection {
  readonly settings: KafkaConnectionSettings;
  readonly host: KafkaHost;
  readonly servers: readonly ServerAddress[];
  #mismatch: MillraceError | undefined;

  /** Throws `KAFKA_BAD_ADDRESS` when the address list cannot be read. Connects to nothing. */
  constructor(settings: KafkaConnectionSettings, host: KafkaHost) {
    const servers = parseServerList(settings.bootstrapServers);
    if (!servers.ok)
      throw new KafkaError(
        'KAFKA_BAD_ADDRESS',
        `Kafka Connection "${settings.name}": Bootstrap Servers: ${servers.error}`,
      );
    this.settings = settings;
    this.host = host;
    this.servers = servers.value;
    if (settings.tls) checkTls(settings.tls, `Kafka Connection "${settings.name}"`);
  }

  /** `Kafka Connection "orders" (127.0.0.1:9092)`, for messages. */
  get target(): string {
    return `Kafka Connection "${this.settings.name}" (${this.servers.map(formatServerAddress).join(', ')})`;
  }

  /** Turns what a client of this connection threw into an error with a code that says what was attempted. */
  error(thrown: unknown, action: string): MillraceError {
    return this.#mismatch ?? toKafkaError(thrown, { target: this.target, action });
  }

  /** Opens frame connections to brokers, by the transport of the settings. */
  dialer(): Dialer {
    const { transport, tls, connectWaitMsMax = 5_000, webSocketUrl } = this.settings;
    return this.host.dialer ?? nodeDialer({ transport, tls, connectWaitMsMax, webSocketUrl }, this.host.clock);
  }

  /** Waits `backoffMs(attempt)`. */
  pause(attempt: number): Promise<void> {
    return new Promise((resolve) => {
      this.host.clock.after(this.backoffMs(attempt), resolve);
    });
  }

  /** A library client for sending. Idempotence is asked for with each send (see producer.ts). */
  createProducer(): Producer<Buffer, Buffer, Buffer, Buffer> {
    return this.#guard(new Producer<Buffer, Buffer, Buffer, Buffer>(this.#base()));
  }

  /** A library client for group membership or for fetching. */
  createConsumer(groupId: string, tuning: ConsumerTuning = {}): Consumer<Buffer, Buffer, Buffer, Buffer> {
    return this.#guard(new Consumer<Buffer, Buffer, Buffer, Buffer>({ ...this.#base(), ...tuning, groupId }));
  }

  /** A library client for administration. */
  createAdmin(): Admin {
    return this.#guard(new Admin({ ...this.#base(), retries: 3 }));
  }

  /** Milliseconds before attempt `attempt` (from 1) of a call that failed: doubling, capped, with jitter against herds. */
  backoffMs(attempt: number): number {
    const base = this.settings.retryBackoffMs ?? 100;
    const delay = Math.min(base * 2 ** Math.min(attempt - 1, 16), Math.max(base, retryBackoffMsMax));
    return Math.round(delay * (0.8 + 0.4 * this.host.random.next()));
  }

  #base(): BaseOptions {
    const { settings } = this;
    const base: BaseOptions = {
      clientId: settings.clientId ?? 'millrace',
      bootstrapBrokers: this.servers.map(({ host, port }) => ({ host, port })),
      connectTimeout: settings.connectWaitMsMax ?? 5_000,
      requestTimeout: settings.requestTimeoutMs ?? 30_000,
      timeout: settings.requestTimeoutMs ?? 30_000,
      retries: requestRetriesMax,
      retryDelay: (_client, _operation, attempt) => this.backoffMs(attempt),
      metadataMaxAge: settings.metadataMaxAgeMs ?? 300_000,
      strict: false,
    };
    if (settings.sasl) base.sasl = { ...(settings.sasl as PasswordSettings) };
    if (settings.transport === 'tcp') {
      if (settings.tls) {
        base.tls = settings.tls.ca === undefined ? {} : { ca: settings.tls.ca };
        // SNI: brokers behind one address are told apart by name.
        base.tlsServerName = true;
      }
      return base;
    }
    return { ...base, createSocket: (host, port, options) => this.#openWebSocket({ host, port }, options.timeout) };
  }

  #openWebSocket(address: ServerAddress, connectWaitMsMax = 5_000): Socket {
    const url = this.settings.webSocketUrl?.(address) ?? `ws://${formatServerAddress(address)}/kafka`;
    const socket = new WsSocket({ url, connectWaitMsMax, zeroMask: isLoopbackHost(new URL(url).hostname) });
    // The library uses only the stream part of a socket, `setTimeout`, `setNoDelay` and `destroySoon`, which WsSocket has.
    return socket as unknown as Socket;
  }

  /**
   * An unpatched library ignores `createSocket` and dials plain TCP without a word; this looks at every connection made.
   * The connection is dropped, and every call of this KafkaConnection fails with KAFKA_TRANSPORT_MISMATCH from then on.
   */
  #guard<Client extends Producer<Buffer, Buffer, Buffer, Buffer> | Consumer<Buffer, Buffer, Buffer, Buffer> | Admin>(
    client: Client,
  ): Client {
    if (this.settings.transport === 'tcp') return client;
    (client as Admin).on('client:broker:connect', ({ connection, broker }) => {
      if ((connection.socket as unknown) instanceof WsSocket) return;
      this.#mismatch = new KafkaError(
        'KAFKA_TRANSPORT_MISMATCH',
        `${this.target}: expected a WebSocket to ${broker.host}:${broker.port}, found another socket: the Kafka client library is not patched`,
      );
      this.host.log.error(this.#mismatch.message);
      connection.socket.destroy();
    });
    return client;
  }
}
