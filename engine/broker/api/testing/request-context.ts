import type { FrameConnection } from '../../../base/net.ts';
import { openAuthorizer } from '../../security/authorizer.ts';
import { anonymous, clusterPrincipal } from '../../security/principal.ts';
import { ConnectionSession } from '../connection/connection-session.ts';
import type { RequestContext } from '../handler.ts';
import { MemoryConnection } from './memory-connection.ts';

/** The context of a request of one API, from a client or from a broker of the cluster, on a connection of its own if none is given. */
export function requestContext(
  apiKey: number,
  apiVersion: number,
  { isPeer = false, connection = new MemoryConnection(isPeer) as FrameConnection, authorizer = openAuthorizer } = {},
): RequestContext {
  const principal = isPeer ? clusterPrincipal : anonymous;
  const requester = { principal, host: 'memory' };
  return {
    apiKey,
    apiVersion,
    clientId: 'test',
    principal,
    connection,
    session: new ConnectionSession(principal),
    isBroker: isPeer,
    authorize: (operation, type, name) => authorizer.mayDo(requester, operation, type, name),
    authorizeSomewhere: (operation, type) => authorizer.mayDoSomewhere(requester, operation, type),
    closeAfterAnswer: (what) => connection.close(what),
    operationsOn: (type, name) => authorizer.operationsOn(requester, type, name),
  };
}
