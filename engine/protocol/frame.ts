import { apiOf } from './api-keys.ts';
import { encodeInto } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import { EncodeError } from './encode-error.ts';
import { Reader } from './reader.ts';
import type { MessageInput, MessageSchema } from './schema.ts';
import { inVersions } from './versions.ts';
import { Writer } from './writer.ts';

const apiVersionsKey = 18;
const controlledShutdownKey = 7;

/** Header in front of a request. `bodyOffset` is where the body starts in the frame. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly headerVersion: 0 | 1 | 2;
  readonly bodyOffset: number;
}

export interface ResponseHeader {
  readonly correlationId: number;
  readonly bodyOffset: number;
}

/** What goes into the header of a request that we send. */
export interface RequestIdentity {
  readonly correlationId: number;
  readonly clientId: string | null;
}

/**
 * Version of the request header: 2 where the request is flexible, else 1; 0 (no client id) only in ControlledShutdown 0.
 * For a key that is not served 1, so that the caller still gets the correlation id to log before it closes.
 * An ApiVersions version above ours is flexible as well.
 */
export function requestHeaderVersion(apiKey: number, apiVersion: number): 0 | 1 | 2 {
  if (apiKey === controlledShutdownKey && apiVersion === 0) return 0;
  const api = apiOf(apiKey);
  return api !== undefined && apiVersion >= api.firstFlexible && api.request.flexible.max >= 0 ? 2 : 1;
}

/** Version of the response header: 1 where the response is flexible, but always 0 for ApiVersions (KIP-511). */
export function responseHeaderVersion(schema: MessageSchema, version: number): 0 | 1 {
  return schema.key !== apiVersionsKey && inVersions(schema.flexible, version) ? 1 : 0;
}

/**
 * Reads the header of a request frame (without its size). Version and key are not judged here: look them up with `apiOf`.
 * @throws DecodeError
 */
export function decodeRequestHeader(frame: Buffer): RequestHeader {
  const reader = new Reader(frame);
  try {
    const apiKey = reader.int16();
    const apiVersion = reader.int16();
    const correlationId = reader.int32();
    const headerVersion = requestHeaderVersion(apiKey, apiVersion);
    // The client id keeps its int16 length in header v2.
    const clientId = headerVersion === 0 ? null : reader.string();
    if (headerVersion === 2) skipTagSection(reader);
    return { apiKey, apiVersion, correlationId, clientId, headerVersion, bodyOffset: reader.position };
  } catch (error) {
    throw error instanceof DecodeError ? error.inMessage('RequestHeader') : error;
  }
}

/** @throws DecodeError */
export function decodeResponseHeader(frame: Buffer, headerVersion: 0 | 1): ResponseHeader {
  const reader = new Reader(frame);
  try {
    const correlationId = reader.int32();
    if (headerVersion === 1) skipTagSection(reader);
    return { correlationId, bodyOffset: reader.position };
  } catch (error) {
    throw error instanceof DecodeError ? error.inMessage('ResponseHeader') : error;
  }
}

function skipTagSection(reader: Reader): void {
  for (let left = reader.tagCount(); left > 0; left--) {
    reader.uvarint();
    reader.skip(reader.uvarint());
  }
}

/**
 * A whole request frame, size included, as chunks to be sent in order.
 * @throws EncodeError
 */
export function encodeRequestFrame<S extends MessageSchema>(
  schema: S,
  version: number,
  identity: RequestIdentity,
  body: MessageInput<S>,
): Buffer[] {
  const writer = new Writer();
  const fillSize = writer.reserveInt32();
  const flexible = inVersions(schema.flexible, version);
  writer.int16(schema.key);
  writer.int16(version);
  writer.int32(identity.correlationId);
  if (identity.clientId === null) writer.int16(-1);
  else writer.string(identity.clientId);
  if (flexible) writer.uvarint(0);
  encodeInto(writer, schema, version, body);
  return finishFrame(writer, fillSize);
}

/**
 * A whole response frame, size included, as chunks to be sent in order.
 * @throws EncodeError
 */
export function encodeResponseFrame<S extends MessageSchema>(
  schema: S,
  version: number,
  correlationId: number,
  body: MessageInput<S>,
): Buffer[] {
  const writer = new Writer();
  const fillSize = writer.reserveInt32();
  writer.int32(correlationId);
  if (responseHeaderVersion(schema, version) === 1) writer.uvarint(0);
  encodeInto(writer, schema, version, body);
  return finishFrame(writer, fillSize);
}

function finishFrame(writer: Writer, fillSize: (size: number) => void): Buffer[] {
  const size = writer.byteLength - 4;
  if (size > 0x7fffffff) throw new EncodeError(`expected a frame of at most 2147483647 bytes, found ${size}`);
  fillSize(size);
  return writer.finish();
}
