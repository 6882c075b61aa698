import type { Api } from '../../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { ForwardedClient } from '../forwarded-client.ts';

/** Hands requests to the active controller, wherever it is. */
export interface ControllerGateway {
  /**
   * Runs the request on this broker when it is the active controller, else forwards it (Envelope, 58) to the one that is.
   * NOT_CONTROLLER is retried, as leadership may be moving, until `timeoutMs` is over.
   * Rejects with MillraceError `CONTROLLER_UNREACHABLE` (retriable) when no controller answered in time.
   */
  submit<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    options?: SubmitOptions,
  ): Promise<MessageOf<Res>>;
}

export interface SubmitOptions {
  /** How long to keep trying; without it the gateway's own bound. */
  readonly timeoutMs?: number;
  /** Whose request it is, which goes on in the version that it came in; without it the broker's own, in the newest. */
  readonly client?: ForwardedClient;
}
