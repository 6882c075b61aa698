import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Api } from '../../engine/protocol/api-keys.ts';
import { decode } from '../../engine/protocol/codec.ts';
import { decodeResponseHeader, encodeRequestFrame, responseHeaderVersion } from '../../engine/protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../engine/protocol/schema.ts';

const sizeFieldBytes = 4;
const answerMsMax = 15_000;

/** One connection on which a test sends any request in any version, one at a time, and reads the answer as it came. */
export class RawClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #answer: ((frame: Buffer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  #correlationId = 0;

  /** Connects to `host:port`; the first one of a list. */
  constructor(bootstrap: string) {
    const [host, port] = (bootstrap.split(',')[0] ?? '').split(':');
    this.#socket = connect(Number(port), host);
    this.#socket.setNoDelay(true);
    this.#socket.setTimeout(answerMsMax, () => this.#socket.destroy(new Error(`no answer within ${answerMsMax} ms`)));
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', (error) => this.#fail?.(error));
    this.#socket.on('close', () => this.#fail?.(new Error('the broker closed the connection')));
  }

  async call<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    version: number,
    body: MessageInput<Req>,
  ): Promise<MessageOf<Res>> {
    const identity = { correlationId: ++this.#correlationId, clientId: 'raw' };
    const frame = await new Promise<Buffer>((answer, fail) => {
      this.#answer = answer;
      this.#fail = fail;
      this.#socket.write(Buffer.concat(encodeRequestFrame(api.request, version, identity, body)));
    });
    const { bodyOffset } = decodeResponseHeader(frame, responseHeaderVersion(api.response, version));
    return decode(api.response, version, frame, bodyOffset);
  }

  close(): void {
    this.#fail = undefined;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    const size = this.#received.length < sizeFieldBytes ? Number.POSITIVE_INFINITY : this.#received.readInt32BE(0);
    if (this.#received.length < sizeFieldBytes + size) return;
    const frame = this.#received.subarray(sizeFieldBytes, sizeFieldBytes + size);
    this.#received = this.#received.subarray(sizeFieldBytes + size);
    this.#answer?.(frame);
  }
}
