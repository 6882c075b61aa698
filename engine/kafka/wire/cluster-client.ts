import type { Cancel } from '../../base/clock.ts';
import type { Dialer } from '../../base/net.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import type { MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { MetadataResponse } from '../../protocol/schemas/03-metadata.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { KafkaConnection } from '../connection.ts';
import { WireFault } from '../kafka-error.ts';
import type { ServerAddress } from '../server-address.ts';
import { formatServerAddress } from '../server-address.ts';
import { BrokerLink } from './broker-link.ts';
import { Coordinators } from './coordinators.ts';
import { MetadataCache } from './metadata-cache.ts';
import type { RequestBody, RequestOptions } from './request-options.ts';

import { ServedVersions } from './served-versions.ts';

export type { RequestBody, RequestOptions } from './request-options.ts';

/** What one client wants different from its connection. */
export interface ClusterClientOptions {
  /** Appended to the connection's client id: `-fetch`. */
  readonly clientIdSuffix?: string;
  readonly requestTimeoutMs?: number;
}

/** A link without requests for this long is closed, before the broker's 10 minutes do it (Kafka's connections.max.idle.ms). */
const idleMsMax = 540_000;
const idleCheckMs = 60_000;
/** First and largest pause before a broker that could not be reached is dialled again (Kafka's reconnect.backoff). */
const redialMsMin = 50;
const redialMsMax = 1_000;
/** Another broker is asked as well when one has not answered a question that any can answer. */
const hedgeMs = 1_000;
const askWaitMsMax = 10_000;
/** How often all brokers are gone through before a call that any can answer fails. */
const rounds = 3;
const controllerTries = 5;
/** How long closing waits for sockets to take what was written. */
const drainWaitMsMax = 1_000;
const drainCheckMs = 5;
/** What a broker may take for its handshake after the connection stands. */
const loginWaitMsMax = 10_000;

interface Redial {
  readonly failures: number;
  readonly until: number;
  readonly fault: WireFault;
}

/**
 * One client's sockets to a cluster and what it knows of it. Requests to one broker and lane share a socket, in order; calls that
 * any broker can answer go over a socket of their own, so that they wait behind nothing. A lost socket or a broker that cannot be
 * reached makes the metadata stale, which is then asked of another broker.
 */
export class ClusterClient {
  readonly metadata: MetadataCache;
  /** What the brokers that we have met serve. */
  readonly served: ServedVersions;
  readonly #connection: KafkaConnection;
  readonly #dialer: Dialer;
  readonly #clientId: string;
  readonly #requestTimeoutMs: number;
  /** By `<broker id>/<lane>`, and by `@<address>` for those that any call may use. */
  readonly #links = new Map<string, BrokerLink>();
  readonly #redials = new Map<string, Redial>();
  readonly #coordinators: Coordinators;
  /** Who answered the last question about metadata: a broker that was cut off from the others goes on with what it knew. */
  #answeredLast = '';
  #closed: WireFault | undefined;
  /** Undefined until the first socket is opened: a client that is never used keeps no process alive. */
  #stopIdleCheck: Cancel | undefined;

  constructor(connection: KafkaConnection, options: ClusterClientOptions = {}) {
    const { settings, host } = connection;
    this.#connection = connection;
    this.#dialer = connection.dialer();
    this.#clientId = (settings.clientId ?? 'millrace') + (options.clientIdSuffix ?? '');
    this.#requestTimeoutMs = options.requestTimeoutMs ?? settings.requestTimeoutMs ?? 30_000;
    this.metadata = new MetadataCache({
      clock: host.clock,
      random: host.random,
      log: host.log,
      maxAgeMs: settings.metadataMaxAgeMs ?? 300_000,
      ask: (topics, elsewhere) => this.#askMetadata(topics, elsewhere),
      onRebootstrap: () => this.#dropAll('the cluster asks for a new bootstrap'),
    });
    this.#coordinators = new Coordinators(this, connection);
    this.served = new ServedVersions(this.#links, this.metadata);
  }

  /**
   * Sends a request to one broker in the newest version that both speak. Rejects with a KafkaError: retriable where trying again
   * (perhaps elsewhere) can help, at once while a broker that could not be reached is left alone.
   */
  async request<Req extends MessageSchema, Res extends MessageSchema>(
    brokerId: number,
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options: RequestOptions = {},
  ): Promise<MessageOf<Res>> {
    const link = this.#linkTo(brokerId, options.lane) ?? (await this.#findBroker(brokerId, options.lane));
    return link.request(api, body, { ...options, timeoutMs: options.timeoutMs ?? this.#requestTimeoutMs });
  }

  /** The same for a request without an answer (Produce with acks 0). */
  async tell<Req extends MessageSchema>(
    brokerId: number,
    api: Api<Req>,
    body: RequestBody<Req>,
    options: RequestOptions = {},
  ): Promise<void> {
    const link = this.#linkTo(brokerId, options.lane) ?? (await this.#findBroker(brokerId, options.lane));
    return link.tell(api, body, { ...options, timeoutMs: options.timeoutMs ?? this.#requestTimeoutMs });
  }

  /**
   * Asks any broker: one that is connected, else the known ones in random order, else the bootstrap addresses; all of them up to
   * three times with growing pauses. A broker that is slow is passed over after a second, so only questions may go this way.
   */
  async requestAny<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options: RequestOptions & { readonly rounds?: number; readonly elsewhere?: boolean } = {},
  ): Promise<MessageOf<Res>> {
    const timeoutMs = options.timeoutMs ?? Math.min(this.#requestTimeoutMs, askWaitMsMax);
    for (let round = 1; ; round++) {
      try {
        const call = (link: BrokerLink) => link.request(api, body, { ...options, timeoutMs });
        return await this.#askRound(call, options.elsewhere ?? false);
      } catch (error) {
        const isFinal = !(error instanceof WireFault) || !error.retriable;
        if (isFinal || round >= (options.rounds ?? rounds) || this.#closed || options.signal?.aborted) throw error;
        await this.#connection.pause(round);
      }
    }
  }

  /**
   * Sends a request to the controller, again after a moment when it cannot be reached or, as `isNotController` finds in an answer,
   * it is another now. An answer may have been lost on the way: a call that is repeated must bear its own first try.
   */
  async requestController<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options: RequestOptions & { readonly isNotController?: (answer: MessageOf<Res>) => boolean } = {},
  ): Promise<MessageOf<Res>> {
    for (let attempt = 1; ; attempt++) {
      try {
        if (attempt > 1 || this.metadata.controllerId < 0) await this.metadata.require([], { fresh: true });
        // KRaft brokers pass requests on to the controller and name any of themselves.
        const answer = await this.request(this.metadata.controllerId, api, body, options);
        if (attempt >= controllerTries || !options.isNotController?.(answer)) return answer;
      } catch (error) {
        const mayHelp = error instanceof WireFault && error.retriable && error.code === 'KAFKA_CONNECT_FAILED';
        if (!mayHelp || attempt >= controllerTries || this.#closed) throw error;
      }
      await this.#connection.pause(attempt);
    }
  }

  /** Broker id of a coordinator; asked for once, until `forgetCoordinator`. Rejects after the request time-out. */
  coordinator(kind: 'group' | 'transaction', key: string): Promise<number> {
    return this.#coordinators.find(kind, key, this.#requestTimeoutMs);
  }

  forgetCoordinator(kind: 'group' | 'transaction', key: string): void {
    this.#coordinators.forget(kind, key);
  }

  /** Bytes that the sockets to a broker have not taken yet. */
  bufferedBytes(brokerId: number, lane = 'main'): number {
    return this.#links.get(`${brokerId}/${lane}`)?.bufferedBytes ?? 0;
  }

  /** Closes every socket; what is unanswered is rejected with KAFKA_CLOSED. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = new WireFault('KAFKA_CLOSED', 'the client is closed');
    this.#stopIdleCheck?.();
    this.metadata.close(this.#closed);
    await this.#drained();
    for (const link of [...this.#links.values()]) link.close(this.#closed);
    this.#links.clear();
  }

  /** What was told without an answer (acks 0) leaves before its socket is closed, unless the broker takes nothing. */
  async #drained(): Promise<void> {
    const { clock } = this.#connection.host;
    const until = clock.monotonic() + drainWaitMsMax;
    const isBuffering = () => [...this.#links.values()].some(({ bufferedBytes }) => bufferedBytes > 0);
    while (isBuffering() && clock.monotonic() < until)
      await new Promise<void>((resolve) => {
        clock.after(drainCheckMs, resolve);
      });
  }

  async #askMetadata(topics: readonly string[] | null, elsewhere: boolean): Promise<MetadataResponse> {
    const body = (version: number) => ({
      topics: topics?.map((name) => ({ name, topicId: zeroUuid })) ?? (version === 0 ? [{ name: noTopic }] : []),
      allowAutoTopicCreation: false,
    });
    return this.requestAny(apis.metadata, body, { elsewhere });
  }

  /** One try of each broker until one answers. The next is asked as well when one is slow. */
  #askRound<T>(call: (link: BrokerLink) => Promise<T>, elsewhere: boolean): Promise<T> {
    const { clock } = this.#connection.host;
    const addresses = this.#candidates(elsewhere);
    return new Promise((resolve, reject) => {
      let next = 0;
      let open = 0;
      let isOver = false;
      let stopHedge: Cancel = () => {};
      const end = (settle: () => void) => {
        isOver = true;
        stopHedge();
        settle();
      };
      const tryNext = () => {
        const address = addresses[next++];
        if (isOver || !address) return;
        open++;
        stopHedge();
        stopHedge = clock.after(hedgeMs, tryNext);
        this.#anyLink(address)
          .then(call)
          .then(
            (answer) => {
              if (isOver) return;
              this.#answeredLast = anyKey(address);
              end(() => resolve(answer));
            },
            (error) => {
              open--;
              const isFinal = !(error instanceof WireFault) || !error.retriable;
              if (isOver) return;
              if (isFinal || (open === 0 && next >= addresses.length)) end(() => reject(error));
              else tryNext();
            },
          );
      };
      tryNext();
    });
  }

  #candidates(elsewhere: boolean): ServerAddress[] {
    const { random } = this.#connection.host;
    const known = [...this.metadata.brokers.values()].map((address) => ({ address, order: random.next() }));
    for (const each of known) if (this.#links.get(anyKey(each.address))?.isReady) each.order -= 1;
    const sorted = known.sort((a, b) => a.order - b.order).map(({ address }) => address);
    const keys = new Set(sorted.map(anyKey));
    const bootstrap = this.#connection.servers.filter((address) => !keys.has(anyKey(address)));
    const isOpen = (address: ServerAddress) => this.#links.get(anyKey(address))?.isReady === true;
    // A bootstrap socket that stands is as good as any: it may name the same broker by another address.
    const all = [...bootstrap.filter(isOpen), ...sorted, ...bootstrap.filter((address) => !isOpen(address))];
    const isLast = (address: ServerAddress) => anyKey(address) === this.#answeredLast;
    return elsewhere ? [...all.filter((address) => !isLast(address)), ...all.filter(isLast)] : all;
  }

  async #anyLink(address: ServerAddress): Promise<BrokerLink> {
    if (this.#closed) throw this.#closed;
    return this.#links.get(anyKey(address)) ?? this.#dial(anyKey(address), address);
  }

  #linkTo(brokerId: number, lane = 'main'): BrokerLink | undefined {
    if (this.#closed) throw this.#closed;
    const key = `${brokerId}/${lane}`;
    const address = this.metadata.brokers.get(brokerId);
    const link = this.#links.get(key);
    if (!address) return link;
    const text = formatServerAddress(address);
    if (link && link.address === text) return link;
    // The broker listens elsewhere now.
    link?.close(new WireFault('KAFKA_CONNECT_FAILED', `broker ${brokerId} has moved to ${text}`, { retriable: true }));
    const redial = this.#redials.get(key);
    if (redial && redial.until > this.#connection.host.clock.monotonic()) throw redial.fault;
    return this.#dial(key, address);
  }

  async #findBroker(brokerId: number, lane: string | undefined): Promise<BrokerLink> {
    await this.metadata.require([], { fresh: true });
    const link = this.#linkTo(brokerId, lane);
    if (link) return link;
    throw new WireFault('KAFKA_BROKER_UNKNOWN', `no broker ${brokerId} is in the cluster now`, { retriable: true });
  }

  #dial(key: string, address: ServerAddress): BrokerLink {
    const { clock, random } = this.#connection.host;
    const { sasl, connectWaitMsMax = 5_000 } = this.#connection.settings;
    const link = new BrokerLink(this.#dialer.dial(address.host, address.port), formatServerAddress(address), {
      clock,
      random,
      clientId: this.#clientId,
      sasl,
      handshakeWaitMsMax: connectWaitMsMax + loginWaitMsMax,
    });
    this.#links.set(key, link);
    if (!this.#stopIdleCheck) this.#checkIdle();
    let wasReady = false;
    link.ready.then(
      () => {
        wasReady = true;
        this.#redials.delete(key);
      },
      () => {},
    );
    link.onClosed = (fault) => this.#lost(key, link, fault, wasReady);
    return link;
  }

  #lost(key: string, link: BrokerLink, fault: WireFault, wasReady: boolean): void {
    if (this.#links.get(key) === link) this.#links.delete(key);
    if (this.#closed || fault.code === 'KAFKA_IDLE') return;
    if (key.startsWith('@')) return;
    const { clock, random } = this.#connection.host;
    const failures = wasReady ? 0 : (this.#redials.get(key)?.failures ?? 0) + 1;
    if (failures > 0) {
      const pauseMs =
        Math.min(redialMsMin * 2 ** Math.min(failures - 1, 10), redialMsMax) * (0.8 + 0.4 * random.next());
      this.#redials.set(key, { failures, until: clock.monotonic() + pauseMs, fault });
    }
    this.metadata.stale(fault.message);
  }

  #checkIdle(): void {
    const { clock } = this.#connection.host;
    this.#stopIdleCheck = clock.after(idleCheckMs, () => {
      const now = clock.monotonic();
      for (const link of [...this.#links.values()])
        if (link.inFlight === 0 && now - link.usedAt > idleMsMax) link.close(new WireFault('KAFKA_IDLE', 'idle'));
      this.#checkIdle();
    });
  }

  #dropAll(reason: string): void {
    const fault = new WireFault('KAFKA_CONNECT_FAILED', reason, { retriable: true });
    for (const link of [...this.#links.values()]) link.close(fault);
  }
}

/** Metadata 0 has no way to ask for brokers only: a name that no topic can have. */
const noTopic = '';
const anyKey = (address: ServerAddress) => `@${formatServerAddress(address)}`;
