import type { Log } from '../../../base/log.ts';
import type { BrokerOptions } from '../broker-options.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { ListenerSet } from '../config/listeners.ts';
import type { BrokerServerOptions } from './broker-server.ts';
import type { ListenerDoor } from './doors-of.ts';
import { doorsOf, withPorts } from './doors-of.ts';
import { ListenerTokenKeys } from './listener-token-keys.ts';
import type { PeerTls } from './tls/peer-tls.ts';
import { TlsListeners } from './tls/tls-listeners.ts';

/** The listeners of a broker on this machine: their ports, certificates, and keys of tokens. */
export class BrokerListeners {
  readonly #config: BrokerConfig;
  readonly #tls: TlsListeners;
  readonly #tokenKeys: ListenerTokenKeys;
  readonly #doors: readonly ListenerDoor[];

  /** @throws MillraceError `TLS_STORE_INVALID` */
  constructor(config: BrokerConfig, log: Log) {
    this.#config = config;
    this.#tls = new TlsListeners(config, log);
    this.#tokenKeys = new ListenerTokenKeys(config, log);
    this.#doors = doorsOf(config.listenerSet, this.#tls);
  }

  get serverOptions(): Pick<BrokerServerOptions, 'doors' | 'guard'> {
    const { listenerSet, allowedHosts, allowedOrigins } = this.#config;
    const advertised = listenerSet.listeners.map((listener) => listener.advertised.host);
    return {
      doors: this.#doors.map(({ door }) => door),
      guard: {
        listenHosts: listenerSet.listeners.map(({ host }) => host.toLowerCase()),
        allowedHosts: [...allowedHosts, ...advertised].map((host) => host.toLowerCase()),
        allowedOrigins,
      },
    };
  }

  get brokerOptions(): Pick<BrokerOptions, 'tokenKeys' | 'listenerConfigs'> {
    return { tokenKeys: (settings) => this.#tokenKeys.of(settings), listenerConfigs: this.#tls };
  }

  /** How brokers speak TLS to each other; undefined where they do without. */
  get peerTls(): (() => PeerTls) | undefined {
    return this.#tls.forPeers;
  }

  /** Before anybody is served. */
  async start(): Promise<void> {
    this.#tls.start();
    await this.#tokenKeys.start();
  }

  stop(): void {
    this.#tls.stop();
    this.#tokenKeys.stop();
  }

  /** The listeners with the ports that the doors got, and the port where other brokers come in. */
  bound(ports: readonly number[]): { readonly listenerSet: ListenerSet; readonly port: number } {
    const at = this.#doors.findIndex(({ door }) => door.plain?.isForPeers || door.tls?.isForPeers);
    return { listenerSet: withPorts(this.#config.listenerSet, this.#doors, ports), port: ports[at] ?? 0 };
  }
}
