import type { Api } from '../../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { PeerRequestOptions } from '../peers.ts';

/** Sends a request to another broker; `Peers.request` is one. Rejects with MillraceError, code PEER_UNREACHABLE when there is no connection. */
export type PeerRequest = <Req extends MessageSchema, Res extends MessageSchema>(
  brokerId: number,
  api: Api<Req, Res>,
  version: number,
  body: MessageInput<Req>,
  options: PeerRequestOptions,
) => Promise<MessageOf<Res>>;
