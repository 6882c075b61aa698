import type { Clock } from '../base/clock.ts';
import type { MillraceError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Dialer } from '../base/net.ts';
import type { Random } from '../base/random.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { ServerAddress } from './server-address.ts';
import { formatServerAddress, parseServerList } from './server-address.ts';
import { nodeDialer } from './wire/node-dialer.ts';
import type { SaslSettings } from './wire/sasl/sasl-settings.ts';
import type { TlsSettings } from './wire/tls-options.ts';
import { checkTls } from './wire/tls-options.ts';

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
  /** TLS, for TCP and WebSockets alike. */
  readonly tls?: TlsSettings | undefined;
  readonly sasl?: SaslSettings | undefined;
  /** Creates topics that a process names and that are missing. Only at the desk: on other clusters a typing error must not make one. */
  readonly createsTopics?: boolean;
  /** Where the WebSocket of an advertised address really is; default `ws://host:port/kafka`, with TLS `wss:`. */
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

/** Longest pause between two tries, in milliseconds (Kafka's retry.backoff.max.ms). */
const retryBackoffMsMax = 1_000;

/**
 * A Kafka Connection at run time: what producers, consumers and admins of one cluster share. It owns no socket itself; each
 * client has its own, so that a long fetch holds up neither a heartbeat nor a send.
 */
export class KafkaConnection {
  readonly settings: KafkaConnectionSettings;
  readonly host: KafkaHost;
  readonly servers: readonly ServerAddress[];

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
    return toKafkaError(thrown, { target: this.target, action });
  }

  /** Opens frame connections to brokers, by the transport of the settings. */
  dialer(): Dialer {
    const { transport, tls, connectWaitMsMax = 5_000, webSocketUrl } = this.settings;
    return this.host.dialer ?? nodeDialer({ transport, tls, connectWaitMsMax, webSocketUrl }, this.host);
  }

  /** Waits `backoffMs(attempt)`. */
  pause(attempt: number): Promise<void> {
    return new Promise((resolve) => {
      this.host.clock.after(this.backoffMs(attempt), resolve);
    });
  }

  /** Milliseconds before attempt `attempt` (from 1) of a call that failed: doubling, capped, with jitter against herds. */
  backoffMs(attempt: number): number {
    const base = this.settings.retryBackoffMs ?? 100;
    const delay = Math.min(base * 2 ** Math.min(attempt - 1, 16), Math.max(base, retryBackoffMsMax));
    return Math.round(delay * (0.8 + 0.4 * this.host.random.next()));
  }
}
