import type { FrameConnection } from '../../../base/net.ts';
import type { RequestHeader } from '../../../protocol/frame.ts';
import { hostOf } from '../../api/connection/client-host.ts';
import type { ConnectionSession } from '../../api/connection/connection-session.ts';
import type { RequestContext } from '../../api/handler.ts';
import type { authorizedOperations } from '../../security/authorized-operations.ts';
import type { Requester } from '../../security/authorizer.ts';
import type { Operation } from '../../security/operation.ts';
import type { Principal } from '../../security/principal.ts';
import { anonymous, clusterPrincipal } from '../../security/principal.ts';
import type { ResourceType } from '../../security/resource.ts';
import type { ResponseSlot } from '../response-queue.ts';
import type { ConnectionMute } from './connection-mute.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import type { Route } from './route.ts';

/** What belongs to a connection and is the same for all its requests. */
export interface ExchangeEnds {
  readonly connection: FrameConnection;
  readonly session: ConnectionSession;
  readonly mute: ConnectionMute;
}

/**
 * One request on its way through the steps, up to its response. One object a request: the steps fill it in. Fields are declared
 * only, so that the constructor alone writes them: each would be written twice otherwise, for each request.
 */
export class Exchange implements RequestContext, Requester {
  declare readonly parts: PipelineParts;
  declare readonly header: RequestHeader;
  declare readonly connection: FrameConnection;
  declare readonly session: ConnectionSession;
  declare readonly mute: ConnectionMute;
  declare readonly slot: ResponseSlot;
  declare readonly apiKey: number;
  declare readonly apiVersion: number;
  declare readonly clientId: string | null;
  /** Monotonic time of its arrival. */
  declare readonly startedMs: number;
  /** Bytes of the request: header and body. */
  declare readonly requestBytes: number;
  declare principal: Principal;
  /** The handler of its API: set by `decode`. */
  declare route: Route | undefined;
  /** The decoded request, from `decode` until it is handled. */
  declare request: unknown;
  /** The answer, once there is one; undefined where the request gets none. */
  declare response: unknown;
  /** Set: the connection closes after the answer, and why. */
  declare closing: string | undefined;
  /** The response as it goes out, where it has been made. */
  declare encoded: readonly Uint8Array[] | undefined;
  /** Whether the smaller answer goes out, as a quota is used up. */
  isShed = false;
  /** Time that the handler took of the thread, in ms, where that is counted. */
  threadMs = 0;

  constructor(
    parts: PipelineParts,
    { connection, session, mute }: ExchangeEnds,
    header: RequestHeader,
    slot: ResponseSlot,
    requestBytes: number,
  ) {
    this.parts = parts;
    this.header = header;
    this.connection = connection;
    this.session = session;
    this.mute = mute;
    this.slot = slot;
    this.apiKey = header.apiKey;
    this.apiVersion = header.apiVersion;
    this.clientId = header.clientId;
    this.startedMs = parts.clock.monotonic();
    this.requestBytes = requestBytes;
    this.principal = anonymous;
    this.route = undefined;
    this.request = undefined;
    this.response = undefined;
    this.encoded = undefined;
    this.closing = undefined;
  }

  get host(): string {
    return hostOf(this.connection);
  }

  get isBroker(): boolean {
    return this.principal === clusterPrincipal;
  }

  authorize(operation: Operation, type: ResourceType, name: string): boolean {
    return this.parts.authorizer.mayDo(this, operation, type, name);
  }

  authorizeSomewhere(operation: Operation, type: ResourceType): boolean {
    return this.parts.authorizer.mayDoSomewhere(this, operation, type);
  }

  operationsOn(type: keyof typeof authorizedOperations, name: string): number {
    return this.parts.authorizer.operationsOn(this, type, name);
  }

  closeAfterAnswer(what: string): void {
    this.closing = what;
  }

  /** Closes the connection for what the client did. */
  drop(what: string, fields: Readonly<Record<string, unknown>>): void {
    const { connection, parts, apiKey, apiVersion, clientId } = this;
    parts.turnedAway.note(what, { remoteAddress: connection.remoteAddress, apiKey, apiVersion, clientId, ...fields });
    connection.close(what);
  }

  /** Closes the connection for a bug of ours. */
  fail(error: unknown): void {
    const { parts, route, apiVersion, clientId, connection } = this;
    parts.log.error('a handler failed', { api: route?.api.name, apiVersion, clientId, error });
    connection.close('the broker failed to answer');
  }
}
