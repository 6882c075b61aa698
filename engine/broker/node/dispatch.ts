import { messageOf } from '../../base/errors.ts';
import type { FrameConnection } from '../../base/net.ts';
import { advertisedApis, apiOf } from '../../protocol/api-keys.ts';
import { decode } from '../../protocol/codec.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { defaultStruct } from '../../protocol/field-defaults.ts';
import type { RequestHeader } from '../../protocol/frame.ts';
import { decodeRequestHeader, encodeResponseFrame } from '../../protocol/frame.ts';
import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';
import { apiVersionsResponse } from '../../protocol/schemas/18-api-versions.ts';
import { ConnectionSession } from '../api/connection/connection-session.ts';
import type { ApiHandler, RequestContext } from '../api/handler.ts';
import type { BrokerServices } from '../api/services.ts';
import type { RequestMetrics } from './metrics/request-metrics.ts';
import { ResponseQueue } from './response-queue.ts';
import type { TurnedAway } from './turned-away.ts';

const sizeFieldBytes = 4;

/** Answers the requests of connections by the table of handlers. */
export class Dispatch {
  readonly #handlers = new Map<number, ApiHandler>();
  readonly #services: BrokerServices;
  readonly #metrics: RequestMetrics;
  readonly #turnedAway: TurnedAway;
  readonly #connections = new Set<FrameConnection>();

  constructor(
    handlers: readonly ApiHandler[],
    services: BrokerServices,
    metrics: RequestMetrics,
    turnedAway: TurnedAway,
  ) {
    this.#turnedAway = turnedAway;
    for (const handler of handlers) this.#handlers.set(handler.key, handler);
    this.#services = services;
    this.#metrics = metrics;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  serves(apiKey: number): boolean {
    return this.#handlers.has(apiKey);
  }

  /** Takes over a new connection: reads its requests until it closes. */
  serve(connection: FrameConnection): void {
    const session = new ConnectionSession();
    const queue = new ResponseQueue(connection, this.#services.settings.connectionInFlightRequestsMax);
    this.#connections.add(connection);
    connection.onClose = () => {
      this.#connections.delete(connection);
      queue.close();
      session.close();
    };
    connection.onFrame = (frame) => this.#receive(frame, connection, session, queue);
  }

  /** Closes every connection. */
  close(reason: string): void {
    for (const connection of [...this.#connections]) connection.close(reason);
  }

  #receive(frame: Buffer, connection: FrameConnection, session: ConnectionSession, queue: ResponseQueue): void {
    let header: RequestHeader;
    try {
      header = decodeRequestHeader(frame);
    } catch (error) {
      this.#drop(connection, 'a request that cannot be read', { reason: messageOf(error) });
      return;
    }
    const slot = queue.open();
    if (slot === undefined) {
      this.#drop(connection, 'a client that sends on although it was held back', {});
      return;
    }
    const { apiKey, apiVersion, clientId } = header;
    const handler = this.#handlers.get(apiKey);
    const api = apiOf(apiKey);
    if (!handler || !api || apiVersion < api.versionMin || apiVersion > api.versionMax) {
      if (apiKey === apiVersionsResponse.key) slot.complete(this.#oldestForm(header));
      else this.#drop(connection, 'an API or version that is not served', { apiKey, apiVersion, clientId });
      return;
    }
    const context = { apiKey, apiVersion, clientId, connection, session, broker: this.#services };
    const startedMs = this.#services.clock.monotonic();
    const finish = (response: unknown): void => {
      this.#metrics.answered(apiKey, handler.response, response, this.#services.clock.monotonic() - startedMs);
      slot.complete(response === undefined ? undefined : encodeFrame(handler.response, header, response));
    };
    const fail = (error: unknown): void => {
      this.#services.log.error('a handler failed', { api: api.name, apiVersion, clientId, error });
      connection.close('the broker failed to answer');
    };
    this.#run(handler, api.audience === 'internal' && !connection.isPeer, frame, header, context, { finish, fail });
  }

  #run(
    handler: ApiHandler,
    isForbidden: boolean,
    frame: Buffer,
    { apiVersion, bodyOffset, apiKey, clientId }: RequestHeader,
    context: RequestContext,
    { finish, fail }: { finish: (response: unknown) => void; fail: (error: unknown) => void },
  ): void {
    let request: unknown;
    try {
      request = decode(handler.request, apiVersion, frame, bodyOffset);
    } catch (error) {
      this.#drop(context.connection, 'a request that cannot be read', { apiKey, apiVersion, clientId, error });
      return;
    }
    try {
      const reply = isForbidden ? forbidden(handler.response) : handler.handle(request, context);
      if (reply instanceof Promise) reply.then(finish).catch(fail);
      else finish(reply);
    } catch (error) {
      fail(error);
    }
  }

  /** A client newer than this broker asks with a version unknown here: it gets the range of ApiVersions in the oldest form and asks again. */
  #oldestForm({ correlationId }: RequestHeader): readonly Uint8Array[] {
    const apiKeys = advertisedApis().filter(({ apiKey }) => apiKey === apiVersionsResponse.key);
    const response = { errorCode: errorCode.UNSUPPORTED_VERSION, apiKeys };
    return withoutSize(encodeResponseFrame(apiVersionsResponse, 0, correlationId, response));
  }

  #drop(connection: FrameConnection, what: string, fields: Readonly<Record<string, unknown>>): void {
    this.#turnedAway.note(what, { remoteAddress: connection.remoteAddress, ...fields });
    connection.close(what);
  }
}

function forbidden(schema: MessageSchema): unknown {
  return { ...defaultStruct(schema.fields), errorCode: errorCode.CLUSTER_AUTHORIZATION_FAILED };
}

function encodeFrame(schema: MessageSchema, header: RequestHeader, response: unknown): readonly Uint8Array[] {
  const body = response as MessageInput<MessageSchema>;
  return withoutSize(encodeResponseFrame(schema, header.apiVersion, header.correlationId, body));
}

/** A FrameConnection adds the size of a frame itself. */
function withoutSize(chunks: readonly Buffer[]): readonly Uint8Array[] {
  const [first, ...rest] = chunks;
  return first === undefined ? [] : [first.subarray(sizeFieldBytes), ...rest];
}
