import type { Clock } from '../../../base/clock.ts';
import { MillraceError, messageOf } from '../../../base/errors.ts';
import { settledWithin } from '../../../base/settled-within.ts';
import type { Api } from '../../../protocol/api-keys.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { ControllerGateway, SubmitOptions } from '../../api/controller/controller-gateway.ts';
import { decodeEnvelopeResponse, encodeEnvelopeRequest } from '../../api/controller/envelope.ts';
import { NotControllerError } from '../../api/controller/not-controller-error.ts';
import type { ForwardedClient } from '../../api/forwarded-client.ts';
import type { PeerRequest } from './peer-request.ts';

export interface ForwardingGatewayOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly request: PeerRequest;
  /** How long to keep trying when the caller does not say. */
  readonly submitTimeoutMs: number;
  /** Longest wait for one answer to a broker's own request, which does no harm when it arrives twice. */
  readonly requestTimeoutMs: number;
  /** The leader of the quorum as far as this broker knows; -1 none. */
  readonly leaderId: () => number;
  /** Runs a request on this broker as the active controller; rejects with NotControllerError when it is not. */
  readonly runHere: (apiKey: number, request: unknown, client?: ForwardedClient) => Promise<unknown>;
}

/** Waits between tries while the controller moves; news of it ends a wait early. */
const retryMs = 10;
const retryMsMax = 160;

/** Hands requests to the active controller: here, or by an Envelope to where it is. */
export class ForwardingGateway implements ControllerGateway {
  readonly #options: ForwardingGatewayOptions;
  /** Wakes those that wait before the next try. */
  readonly #waiting = new Set<() => void>();
  /** Tells those that wait for an answer to look whether the controller has moved. */
  readonly #asking = new Set<() => void>();
  #isStopped = false;

  constructor(options: ForwardingGatewayOptions) {
    this.#options = options;
  }

  async submit<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    { timeoutMs = this.#options.submitTimeoutMs, client }: SubmitOptions = {},
  ): Promise<MessageOf<Res>> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonic() + timeoutMs;
    let failure = 'no controller is known';
    for (let waitMs = retryMs; !this.#isStopped; waitMs = Math.min(waitMs * 2, retryMsMax)) {
      const outcome = await this.#attempt(api, request, deadlineMs - clock.monotonic(), client);
      if (outcome.ok) return outcome.response;
      failure = outcome.failure;
      if (clock.monotonic() + waitMs >= deadlineMs) break;
      await this.#pause(waitMs);
    }
    throw new MillraceError(
      'CONTROLLER_UNREACHABLE',
      `expected an answer of the controller to ${api.name} within ${timeoutMs} ms: ${failure}`,
      {
        retriable: true,
      },
    );
  }

  /** There is news about who is the controller: whoever waits tries again at once. */
  controllerChanged(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
    for (const check of [...this.#asking]) check();
  }

  /** The answer, unless another broker leads before it comes: one that was cut off may stay silent for long. */
  async #unlessMoved<T>(leader: number, answer: Promise<T>): Promise<T> {
    let check = () => {};
    const moved = new Promise<never>((_, reject) => {
      check = () => {
        const current = this.#options.leaderId();
        if (this.#isStopped || (current !== -1 && current !== leader)) reject(new NotControllerError(leader));
      };
      this.#asking.add(check);
    });
    try {
      return await Promise.race([answer, moved]);
    } finally {
      this.#asking.delete(check);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.controllerChanged();
  }

  #pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const cancel = this.#options.clock.after(waitMs, wake);
      this.#waiting.add(wake);
    });
  }

  async #attempt<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    leftMs: number,
    client: ForwardedClient | undefined,
  ): Promise<{ ok: true; response: MessageOf<Res> } | { ok: false; failure: string }> {
    const { nodeId, leaderId } = this.#options;
    const leader = leaderId();
    if (leader === -1) return { ok: false, failure: 'no controller is known' };
    try {
      const response =
        leader === nodeId
          ? await this.#here(api, request, this.#waitMsMax(api, leftMs), client)
          : await this.#there(leader, api, request, this.#waitMsMax(api, leftMs), client);
      return { ok: true, response };
    } catch (error) {
      if (error instanceof MillraceError && error.retriable) return { ok: false, failure: messageOf(error) };
      throw error;
    }
  }

  /** Longest wait for one answer, from here or from there. */
  #waitMsMax(api: { readonly audience: 'internal' | 'client' }, leftMs: number): number {
    return Math.max(1, api.audience === 'internal' ? Math.min(leftMs, this.#options.requestTimeoutMs) : leftMs);
  }

  /** Through bytes, so that a handler sees the same message whichever way it came. */
  async #here<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    timeoutMs: number,
    client: ForwardedClient | undefined,
  ): Promise<MessageOf<Res>> {
    const { clock, runHere } = this.#options;
    const version = client?.apiVersion ?? api.versionMax;
    const message = decode(api.request, version, encodeToBuffer(api.request, version, request));
    const answer = runHere(api.key, message, client);
    if (!(await settledWithin(clock, timeoutMs, answer)))
      throw new MillraceError(
        'CONTROLLER_TIMEOUT',
        `no answer to ${api.name} from this broker within ${timeoutMs} ms`,
        {
          retriable: true,
        },
      );
    const reply = (await answer) as MessageInput<Res>;
    return decode(api.response, version, encodeToBuffer(api.response, version, reply));
  }

  async #there<Req extends MessageSchema, Res extends MessageSchema>(
    leader: number,
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    timeoutMs: number,
    client: ForwardedClient | undefined,
  ): Promise<MessageOf<Res>> {
    const lane = api.key === apis.brokerHeartbeat.key ? 'heartbeat' : 'control';
    const body = encodeEnvelopeRequest(api, request, client);
    const answer = this.#options.request(leader, apis.envelope, 0, body, { lane, timeoutMs });
    const response = await this.#unlessMoved(leader, answer);
    if (response.errorCode === errorCode.NOT_CONTROLLER) throw new NotControllerError(leader);
    return decodeEnvelopeResponse(api, client?.apiVersion ?? api.versionMax, response);
  }
}
