import type { Cancel, Clock } from '../../base/clock.ts';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { FrameConnection } from '../../base/net.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { decode } from '../../protocol/codec.ts';
import { decodeResponseHeader, encodeRequestFrame, responseHeaderVersion } from '../../protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';

/** Unanswered requests of one channel; more are refused at once. */
const inFlightMax = 1_000;
const correlationIdMax = 2_147_483_647;
const sizeFieldBytes = 4;

interface Pending {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: MillraceError) => void;
  readonly stopTimer: Cancel;
}

/** One connection to a peer. Requests are pipelined; the peer answers in order. */
export class PeerChannel {
  readonly address: string;
  readonly #connection: FrameConnection;
  readonly #clock: Clock;
  readonly #clientId: string;
  readonly #pending = new Map<number, Pending>();
  #correlationId = 0;
  #closed = false;

  constructor(connection: FrameConnection, address: string, clock: Clock, clientId: string) {
    this.#connection = connection;
    this.address = address;
    this.#clock = clock;
    this.#clientId = clientId;
    connection.onFrame = (frame) => this.#receive(frame);
    connection.onClose = (reason) => this.#finish(reason);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Rejects with MillraceError `PEER_UNREACHABLE`, `PEER_TIMEOUT` or `PEER_BUSY`, all retriable. */
  async request<Req extends MessageSchema, Res extends MessageSchema>(
    { request, response, name }: Api<Req, Res>,
    version: number,
    body: MessageInput<Req>,
    timeoutMs: number,
  ): Promise<MessageOf<Res>> {
    const frame = await this.#exchange(request, version, body, timeoutMs, name);
    const { bodyOffset } = decodeResponseHeader(frame, responseHeaderVersion(response, version));
    return decode(response, version, frame, bodyOffset);
  }

  close(reason: string): void {
    this.#connection.close(reason);
    this.#finish(reason);
  }

  #exchange<Req extends MessageSchema>(
    schema: Req,
    version: number,
    body: MessageInput<Req>,
    timeoutMs: number,
    name: string,
  ): Promise<Buffer> {
    if (this.#closed) throw this.#error('PEER_UNREACHABLE', 'the connection is closed');
    if (this.#pending.size >= inFlightMax)
      throw this.#error('PEER_BUSY', `${this.#pending.size} requests are unanswered`);
    const correlationId = this.#correlationId;
    this.#correlationId = correlationId === correlationIdMax ? 0 : correlationId + 1;
    const chunks = encodeRequestFrame(schema, version, { correlationId, clientId: this.#clientId }, body);
    return new Promise((resolve, reject) => {
      const stopTimer = this.#clock.after(timeoutMs, () => this.#timeOut(name, timeoutMs));
      this.#pending.set(correlationId, { resolve, reject, stopTimer });
      const [first, ...rest] = chunks;
      if (first) this.#connection.send([first.subarray(sizeFieldBytes), ...rest]);
    });
  }

  /** Answers come in order, so everything behind the late one is late too: the connection has to go. */
  #timeOut(name: string, timeoutMs: number): void {
    this.#finish(`no answer to ${name} within ${timeoutMs} ms`, 'PEER_TIMEOUT');
    this.#connection.close('no answer in time');
  }

  #receive(frame: Buffer): void {
    const pending = frame.length >= 4 ? this.#pending.get(frame.readInt32BE(0)) : undefined;
    if (!pending) {
      this.close('expected the answer to a request, found something else');
      return;
    }
    this.#pending.delete(frame.readInt32BE(0));
    pending.stopTimer();
    pending.resolve(frame);
  }

  #finish(reason: string, code = 'PEER_UNREACHABLE'): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, stopTimer } of waiting) {
      stopTimer();
      reject(this.#error(code, reason));
    }
  }

  #error(code: string, reason: unknown): MillraceError {
    return new MillraceError(code, `expected an answer of the broker at ${this.address}: ${messageOf(reason)}`, {
      retriable: true,
      details: { address: this.address },
    });
  }
}
