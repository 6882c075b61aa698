import type { FrameConnection } from '../../../base/net.ts';
import type { PauseReason } from '../../../base/pause-reasons.ts';
import { PauseReasons } from '../../../base/pause-reasons.ts';
import type { Api } from '../../../protocol/api-keys.ts';
import { decode } from '../../../protocol/codec.ts';
import { decodeResponseHeader, encodeRequestFrame, responseHeaderVersion } from '../../../protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';

/** A connection without a transport: the test puts requests in and reads the responses. */
export class MemoryConnection implements FrameConnection {
  readonly remoteAddress = 'memory:0';
  readonly isPeer: boolean;
  bufferedBytes = 0;
  closeReason: string | undefined;
  /** Frames that the broker sent, in order. */
  readonly sent: Buffer[] = [];
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};
  readonly #pauses = new PauseReasons();
  #correlationId = 0;

  constructor(isPeer = false) {
    this.isPeer = isPeer;
  }

  send(chunks: readonly Uint8Array[]): void {
    this.sent.push(Buffer.concat(chunks));
  }

  get paused(): boolean {
    return this.#pauses.any;
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
  }

  resume(reason: PauseReason): void {
    this.#pauses.remove(reason);
  }

  close(reason = ''): void {
    if (this.closeReason !== undefined) return;
    this.closeReason = reason;
    this.onClose(reason);
  }

  /** Puts a request in and returns its correlation id. */
  request<S extends MessageSchema>(schema: S, version: number, body: MessageInput<S>): number {
    const correlationId = ++this.#correlationId;
    const frame = Buffer.concat(encodeRequestFrame(schema, version, { correlationId, clientId: 'test' }, body));
    this.onFrame(frame.subarray(4));
    return correlationId;
  }

  /** Decodes the response at `index` of what was sent. */
  response<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    version: number,
    index = this.sent.length - 1,
  ): { readonly correlationId: number; readonly body: MessageOf<Res> } {
    const frame = this.sent[index];
    if (!frame) throw new Error(`expected a response at ${index}, found ${this.sent.length} responses`);
    const { correlationId, bodyOffset } = decodeResponseHeader(frame, responseHeaderVersion(api.response, version));
    return { correlationId, body: decode(api.response, version, frame, bodyOffset) };
  }
}
