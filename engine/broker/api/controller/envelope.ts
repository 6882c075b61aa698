import { MillraceError } from '../../../base/errors.ts';
import type { Api } from '../../../protocol/api-keys.ts';
import { apiOf } from '../../../protocol/api-keys.ts';
import { decode } from '../../../protocol/codec.ts';
import { errorCode, errorName } from '../../../protocol/error-codes.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestFrame,
  encodeResponseFrame,
  responseHeaderVersion,
} from '../../../protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { EnvelopeRequest, EnvelopeResponse } from '../../../protocol/schemas/58-envelope.ts';
import type { ForwardedClient } from '../forwarded-client.ts';
import { NotControllerError } from './not-controller-error.ts';
import { principalFromBytes, principalToBytes } from './principal-bytes.ts';

/** Bytes of a frame's size field, which an envelope leaves out. */
const sizeBytes = 4;
/** Requests travel alone in their envelope, so one number serves all. */
const correlationId = 0;
const loopback = Buffer.from([127, 0, 0, 1]);

/** Puts a request into an envelope (KIP-590): header and body as they would stand in a frame, and whose it is. */
export function encodeEnvelopeRequest<Req extends MessageSchema>(
  api: Api<Req>,
  request: MessageInput<Req>,
  client: ForwardedClient | undefined,
): { requestData: Buffer; requestPrincipal: Buffer | null; clientHostAddress: Buffer } {
  const identity = { correlationId, clientId: client?.clientId ?? null };
  const frame = Buffer.concat(encodeRequestFrame(api.request, client?.apiVersion ?? api.versionMax, identity, request));
  const requestPrincipal = client ? principalToBytes(client.principal) : null;
  return { requestData: frame.subarray(sizeBytes), requestPrincipal, clientHostAddress: loopback };
}

/** The response out of an envelope. */
export function decodeEnvelopeResponse<Req extends MessageSchema, Res extends MessageSchema>(
  api: Api<Req, Res>,
  version: number,
  { responseData, errorCode: code }: EnvelopeResponse,
): MessageOf<Res> {
  if (responseData === null || code !== errorCode.NONE)
    throw new MillraceError(
      'ENVELOPE_REFUSED',
      `${api.name} was refused by the controller: ${errorName(code) ?? code}`,
      {
        retriable: true,
      },
    );
  const { bodyOffset } = decodeResponseHeader(responseData, responseHeaderVersion(api.response, version));
  return decode(api.response, version, responseData, bodyOffset);
}

/** Runs the request in an envelope, and puts the response into one. */
export async function answerEnvelope(
  { requestData, requestPrincipal }: EnvelopeRequest,
  run: (apiKey: number, request: unknown, client: ForwardedClient | undefined) => Promise<unknown>,
): Promise<EnvelopeResponse> {
  const header = decodeRequestHeader(requestData);
  const api = apiOf(header.apiKey);
  if (!api) return { responseData: null, errorCode: errorCode.INVALID_REQUEST };
  const { apiVersion, clientId } = header;
  const request = decode(api.request, apiVersion, requestData, header.bodyOffset);
  const client = requestPrincipal && { principal: principalFromBytes(requestPrincipal), clientId, apiVersion };
  try {
    const reply = (await run(api.key, request, client ?? undefined)) as MessageInput<MessageSchema>;
    const frame = Buffer.concat(encodeResponseFrame(api.response, header.apiVersion, header.correlationId, reply));
    return { responseData: frame.subarray(sizeBytes), errorCode: errorCode.NONE };
  } catch (error) {
    if (!(error instanceof MillraceError && error.retriable)) throw error;
    const isMoved = error instanceof NotControllerError;
    return { responseData: null, errorCode: isMoved ? errorCode.NOT_CONTROLLER : errorCode.REQUEST_TIMED_OUT };
  }
}
