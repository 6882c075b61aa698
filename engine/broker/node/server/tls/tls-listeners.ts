import { unwatchFile, watchFile } from 'node:fs';
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { BrokerConfig } from '../../config/broker-config.ts';
import { hasTls } from '../../config/listener-protocol.ts';
import { ListenerSettings } from '../../config/listener-settings.ts';
import type { PeerTls } from './peer-tls.ts';
import { peerTls } from './peer-tls.ts';
import { TlsEndpoint } from './tls-endpoint.ts';
import type { TlsIdentity } from './tls-store.ts';
import { identityChange, readTlsIdentity } from './tls-store.ts';

/** How often the files of stores are looked at. */
const watchEveryMs = 1_000;

interface TlsListener {
  readonly endpoint: TlsEndpoint;
  settings: ListenerSettings;
  identity: TlsIdentity;
  files: readonly string[];
}

/**
 * The listeners of a broker that speak TLS, with their certificates. A store whose file changes is read anew, and so is one that another
 * file is set for while the broker runs; where the new one will not do, the old one stays.
 */
export class TlsListeners {
  readonly #config: Pick<BrokerConfig, 'listenerSet' | 'given'>;
  readonly #log: Log;
  readonly #listeners: ReadonlyMap<string, TlsListener>;
  #peerTls: PeerTls | undefined;

  /** @throws MillraceError `TLS_STORE_INVALID` */
  constructor(config: Pick<BrokerConfig, 'listenerSet' | 'given'>, log: Log) {
    this.#config = config;
    this.#log = log;
    const secured = config.listenerSet.listeners.filter(({ protocol }) => hasTls(protocol));
    this.#listeners = new Map(secured.map(({ name }) => [name, this.#open(name)]));
  }

  endpointOf(name: string): TlsEndpoint | undefined {
    return this.#listeners.get(name)?.endpoint;
  }

  /** How brokers speak TLS to each other; undefined where they do without. */
  get forPeers(): (() => PeerTls) | undefined {
    const own = this.#listeners.get(this.#config.listenerSet.interBroker.name);
    return own && (() => (this.#peerTls ??= peerTls(own.settings, own.identity)));
  }

  start(): void {
    for (const [name, listener] of this.#listeners) this.#watch(name, listener);
  }

  stop(): void {
    for (const { files } of this.#listeners.values()) for (const file of files) unwatchFile(file);
  }

  /** Why settings that are to be set while the broker runs will not do; undefined where they will. */
  faultOf(dynamic: ReadonlyMap<string, string>): string | undefined {
    for (const [name, listener] of this.#listeners) {
      try {
        const settings = this.#settingsOf(name, dynamic);
        const change = identityChange(listener.identity, readTlsIdentity(settings), settings);
        if (change !== undefined) return change;
      } catch (error) {
        return messageOf(error);
      }
    }
    return undefined;
  }

  /** What was set for this broker while it runs. */
  setDynamic(dynamic: ReadonlyMap<string, string>): void {
    for (const [name, listener] of this.#listeners) {
      listener.settings = this.#settingsOf(name, dynamic);
      const files = filesOf(listener.settings);
      if (files.join() === listener.files.join()) this.#reload(name, listener);
      else {
        for (const file of listener.files) unwatchFile(file);
        listener.files = files;
        this.#watch(name, listener);
        this.#reload(name, listener);
      }
    }
  }

  #open(name: string): TlsListener {
    const settings = this.#settingsOf(name, new Map());
    const identity = readTlsIdentity(settings);
    return { endpoint: new TlsEndpoint(settings, identity), settings, identity, files: filesOf(settings) };
  }

  #settingsOf(name: string, dynamic: ReadonlyMap<string, string>): ListenerSettings {
    return new ListenerSettings(new Map([...this.#config.given, ...dynamic]), name);
  }

  #watch(name: string, listener: TlsListener): void {
    for (const file of listener.files)
      watchFile(file, { interval: watchEveryMs, persistent: false }, () => this.#reload(name, listener));
  }

  #reload(name: string, listener: TlsListener): void {
    const { settings, identity, endpoint } = listener;
    try {
      const next = readTlsIdentity(settings);
      if (JSON.stringify(next) === JSON.stringify(identity)) return;
      const change = identityChange(identity, next, settings);
      if (change !== undefined) throw new Error(change);
      endpoint.setIdentity(next);
      listener.identity = next;
      this.#peerTls = undefined;
      this.#log.info('certificates read anew', { listener: name });
    } catch (error) {
      this.#log.warn('new certificates will not do; those before stay', { listener: name, reason: messageOf(error) });
    }
  }
}

function filesOf(settings: ListenerSettings): readonly string[] {
  return ['ssl.keystore.location', 'ssl.truststore.location'].flatMap((name) => settings.optional(name) ?? []);
}
