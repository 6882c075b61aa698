import type { Cancel, Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { FrameConnection } from '../../base/net.ts';
import type { Random } from '../../base/random.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import { decode } from '../../protocol/codec.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { decodeResponseHeader, encodeRequestFrame, responseHeaderVersion } from '../../protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { BrokerConnection } from './byte-connection.ts';
import type { RequestBody, RequestOptions } from './request-options.ts';
import { authenticate } from './sasl/authenticate.ts';
import type { SaslSettings } from './sasl/sasl-settings.ts';
import { VersionTable } from './version-table.ts';

/** Requests of one link that are unanswered or wait for its handshake; more are refused at once. */
const exchangesMax = 1_000;
const correlationIdMax = 0x7fffffff;
const sizeFieldBytes = 4;
/** Name and version that brokers show of their clients (KIP-511). */
const software = { clientSoftwareName: 'millrace', clientSoftwareVersion: '1' };
/** A session is renewed after this part of its lifetime, plus up to the second figure at random (as in Kafka's client). */
const renewAfterPart = 0.85;
const renewSpreadPart = 0.1;
/** Longest pause that a broker's throttling may ask of us. */
const throttleMsMax = 60_000;

/** What a link needs beside its connection. */
export interface LinkSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly clientId: string;
  readonly sasl: SaslSettings | undefined;
  /** From dialling until the broker is ready for requests. */
  readonly handshakeWaitMsMax: number;
}

interface Exchange {
  readonly api: Api;
  readonly body: RequestBody<MessageSchema>;
  readonly versionMax: number | undefined;
  readonly isOneWay: boolean;
  version: number;
  /** Undefined once it is settled: an answer that comes later is dropped. */
  settle: { readonly resolve: (message: unknown) => void; readonly reject: (error: Error) => void } | undefined;
  stop: Cancel;
}

/**
 * One socket to one broker: handshake (versions, login), then pipelined requests, answered in order. Requests made before the
 * handshake is done, during a new login or while the broker throttles us wait in turn. It ends once, with one fault.
 */
export class BrokerLink {
  readonly address: string;
  /** Rejects with the fault when the handshake fails. */
  readonly ready: Promise<void>;
  /** Told once, after every waiting request was rejected. */
  onClosed: (fault: WireFault) => void = () => {};
  /** Monotonic milliseconds of the last request or answer. */
  usedAt: number;
  readonly #connection: FrameConnection;
  readonly #settings: LinkSettings;
  readonly #sent = new Map<number, Exchange>();
  #held: Exchange[] = [];
  /** Reasons to hold requests back: handshake, new login, throttling. */
  #holds = 1;
  #isReady = false;
  #fault: WireFault | undefined;
  #correlationId = 0;
  #versions = new VersionTable([]);
  #stopTimers: Cancel[] = [];

  constructor(connection: FrameConnection, address: string, settings: LinkSettings) {
    this.#connection = connection;
    this.address = address;
    this.#settings = settings;
    this.usedAt = settings.clock.monotonic();
    connection.onFrame = (frame) => this.#receive(frame);
    connection.onClose = (reason) => {
      const { fault } = connection as Partial<BrokerConnection>;
      this.#end(fault ?? new WireFault('KAFKA_CONNECT_FAILED', reason, { retriable: true }));
    };
    this.ready = this.#shakeHands();
    this.ready.catch(() => {});
  }

  get isClosed(): boolean {
    return this.#fault !== undefined;
  }

  /** Whether the handshake is done. */
  get isReady(): boolean {
    return this.#isReady && !this.#fault;
  }

  /** What the broker announced; empty until the handshake is done. */
  get versions(): VersionTable {
    return this.#versions;
  }

  /** Requests without an answer. */
  get inFlight(): number {
    return this.#sent.size + this.#held.length;
  }

  /** Bytes that the socket has not taken yet. */
  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  /** Rejects with a WireFault. A time-out closes the link: answers come in order, so all behind it are late too. */
  request<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options: RequestOptions & { readonly timeoutMs: number },
  ): Promise<MessageOf<Res>> {
    return this.#exchange(api, body, options, false) as Promise<MessageOf<Res>>;
  }

  /** Sends a request that has no answer (Produce with acks 0); resolves when it is handed to the socket. */
  async tell<Req extends MessageSchema>(
    api: Api<Req>,
    body: RequestBody<Req>,
    options: RequestOptions & { readonly timeoutMs: number },
  ): Promise<void> {
    await this.#exchange(api, body, options, true);
  }

  close(fault: WireFault): void {
    this.#end(fault);
    this.#connection.close(fault.message);
  }

  #exchange(
    api: Api,
    body: RequestBody<never>,
    { timeoutMs, signal, versionMax }: RequestOptions & { readonly timeoutMs: number },
    isOneWay: boolean,
  ): Promise<unknown> {
    if (this.#fault) return Promise.reject(this.#fault);
    if (signal?.aborted) return Promise.reject(aborted());
    if (this.inFlight >= exchangesMax)
      return Promise.reject(
        new WireFault('KAFKA_BUSY', `${this.inFlight} requests to ${this.address} are unanswered`, { retriable: true }),
      );
    this.usedAt = this.#settings.clock.monotonic();
    return new Promise((resolve, reject) => {
      const exchange: Exchange = {
        api,
        body: body as RequestBody<MessageSchema>,
        versionMax,
        isOneWay,
        version: -1,
        settle: { resolve, reject },
        stop: () => {},
      };
      const stopTimer = this.#settings.clock.after(timeoutMs, () => this.#timeOut(exchange, timeoutMs));
      const abort = () => settle(exchange)?.reject(aborted());
      signal?.addEventListener('abort', abort, { once: true });
      exchange.stop = () => {
        stopTimer();
        signal?.removeEventListener('abort', abort);
      };
      if (this.#holds === 0) this.#send(exchange);
      else this.#held.push(exchange);
    });
  }

  #send(exchange: Exchange): void {
    if (!exchange.settle) return;
    const { api, body, versionMax, isOneWay } = exchange;
    const version = this.#versions.pick(api, versionMax);
    if (version === undefined) {
      const text = `${this.address} serves no version of ${api.name} that this client speaks (it has ${this.#versions.describe(api)})`;
      settle(exchange)?.reject(
        new WireFault('KAFKA_UNSUPPORTED_VERSION', text, { details: { protocolError: 'UNSUPPORTED_VERSION' } }),
      );
      return;
    }
    exchange.version = version;
    try {
      this.#write(exchange, typeof body === 'function' ? body(version) : body);
      if (isOneWay) settle(exchange)?.resolve(undefined);
    } catch (error) {
      settle(exchange)?.reject(error as Error);
    }
  }

  #write(exchange: Exchange, body: MessageInput<MessageSchema>): void {
    const correlationId = this.#correlationId;
    const { clientId } = this.#settings;
    const chunks = encodeRequestFrame(exchange.api.request, exchange.version, { correlationId, clientId }, body);
    this.#correlationId = correlationId === correlationIdMax ? 0 : correlationId + 1;
    if (!exchange.isOneWay) this.#sent.set(correlationId, exchange);
    const first = chunks[0]!;
    chunks[0] = first.subarray(sizeFieldBytes);
    this.#connection.send(chunks);
  }

  #receive(frame: Buffer): void {
    if (this.#fault) return;
    const id = frame.length >= 4 ? frame.readInt32BE(0) : -1;
    const exchange = this.#sent.get(id);
    if (!exchange) {
      this.close(new WireFault('KAFKA_BAD_ANSWER', `${this.address} answered a request that was not made`));
      return;
    }
    this.#sent.delete(id);
    this.usedAt = this.#settings.clock.monotonic();
    if (!exchange.settle) return;
    try {
      const message = decodeAnswer(exchange, frame);
      this.#throttle((message as { throttleTimeMs?: number }).throttleTimeMs ?? 0);
      settle(exchange)?.resolve(message);
    } catch (error) {
      const text = `${this.address}: the answer to ${exchange.api.name} cannot be read: ${messageOf(error)}`;
      const fault = new WireFault('KAFKA_BAD_ANSWER', text, { cause: error });
      settle(exchange)?.reject(fault);
      this.close(fault);
    }
  }

  #timeOut(exchange: Exchange, timeoutMs: number): void {
    const fault = new WireFault(
      'KAFKA_REQUEST_TIMED_OUT',
      `no answer to ${exchange.api.name} from ${this.address} within ${timeoutMs} ms`,
      { retriable: true },
    );
    const wasSent = exchange.version >= 0;
    settle(exchange)?.reject(fault);
    if (wasSent) this.close(fault);
    else this.#held = this.#held.filter((held) => held !== exchange);
  }

  async #shakeHands(): Promise<void> {
    const { clock, handshakeWaitMsMax, sasl } = this.#settings;
    const stopTimer = clock.after(handshakeWaitMsMax, () => {
      const text = `${this.address} did not finish the handshake within ${handshakeWaitMsMax} ms`;
      this.close(new WireFault('KAFKA_CONNECT_FAILED', text, { retriable: true }));
    });
    try {
      await this.#learnVersions();
      if (sasl) await this.#logIn(sasl);
      this.#isReady = true;
      this.#release();
    } catch (error) {
      const fault = error instanceof WireFault ? error : new WireFault('KAFKA_CONNECT_FAILED', messageOf(error));
      this.close(fault);
      throw fault;
    } finally {
      stopTimer();
    }
  }

  /** A broker that is older than us answers in version 0 with the versions that it has: one of those is asked for next. */
  async #learnVersions(): Promise<void> {
    const api = apis.apiVersions;
    let answer = await this.#ask(api, api.advertisedMax, software);
    if (answer.errorCode === errorCode.UNSUPPORTED_VERSION) {
      const range = answer.apiKeys.find(({ apiKey }) => apiKey === api.key);
      answer = await this.#ask(api, Math.min(range?.maxVersion ?? 0, api.advertisedMax), software);
    }
    if (answer.errorCode !== 0) throw protocolFault(answer.errorCode);
    this.#versions = new VersionTable(answer.apiKeys, answer.finalizedFeatures, answer.finalizedFeaturesEpoch);
  }

  async #logIn(sasl: SaslSettings): Promise<void> {
    const { clock, random } = this.#settings;
    const lifetimeMs = await authenticate(
      (api, body) => {
        const version = this.#versions.pick(api);
        if (version === undefined) throw new WireFault('KAFKA_UNSUPPORTED_VERSION', `${this.address} has no SASL`);
        return this.#ask(api, version, body);
      },
      sasl,
      random,
    );
    if (lifetimeMs <= 0) return;
    const renewMs = lifetimeMs * (renewAfterPart + renewSpreadPart * random.next());
    this.#stopTimers.push(clock.after(renewMs, () => void this.#renew(sasl)));
  }

  /** Logs in anew on the same socket (KIP-368); requests made meanwhile wait. */
  async #renew(sasl: SaslSettings): Promise<void> {
    this.#holds++;
    try {
      await this.#logIn(sasl);
      this.#release();
    } catch (error) {
      this.close(error instanceof WireFault ? error : new WireFault('KAFKA_CONNECT_FAILED', messageOf(error)));
    }
  }

  /** A request of the handshake: it passes those that wait. */
  #ask<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    version: number,
    body: MessageInput<Req>,
  ): Promise<MessageOf<Res>> {
    if (this.#fault) return Promise.reject(this.#fault);
    return new Promise<unknown>((resolve, reject) => {
      this.#write(
        {
          api,
          body: body as MessageInput<MessageSchema>,
          versionMax: version,
          isOneWay: false,
          version,
          settle: { resolve, reject },
          stop: () => {},
        },
        body as MessageInput<MessageSchema>,
      );
    }) as Promise<MessageOf<Res>>;
  }

  #release(): void {
    this.#holds--;
    if (this.#fault || this.#holds > 0) return;
    const held = this.#held;
    this.#held = [];
    for (const exchange of held) this.#send(exchange);
  }

  /** The broker asks for a pause (KIP-219): what is sent sooner would only wait there. */
  #throttle(pauseMs: number): void {
    if (pauseMs <= 0 || !this.#isReady) return;
    this.#holds++;
    this.#stopTimers.push(this.#settings.clock.after(Math.min(pauseMs, throttleMsMax), () => this.#release()));
  }

  #end(fault: WireFault): void {
    if (this.#fault) return;
    this.#fault = fault;
    for (const stop of this.#stopTimers) stop();
    const waiting = [...this.#sent.values(), ...this.#held];
    this.#sent.clear();
    this.#held = [];
    for (const exchange of waiting) settle(exchange)?.reject(fault);
    this.onClosed(fault);
  }
}

/** Takes the promise of an exchange for its one settlement. */
function settle(exchange: Exchange): Exchange['settle'] {
  const { settle: taken } = exchange;
  exchange.settle = undefined;
  exchange.stop();
  return taken;
}

function aborted(): WireFault {
  return new WireFault('KAFKA_ABORTED', 'the call was given up');
}

/** ApiVersions refused for its version is answered in version 0 (KIP-511): its error code comes first in every version. */
function decodeAnswer({ api, version }: Exchange, frame: Buffer): unknown {
  const { bodyOffset } = decodeResponseHeader(frame, responseHeaderVersion(api.response, version));
  const isRefused =
    api.key === apis.apiVersions.key && frame.readInt16BE(bodyOffset) === errorCode.UNSUPPORTED_VERSION && version > 0;
  return decode(api.response, isRefused ? 0 : version, frame, bodyOffset);
}
