import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchRequest } from '../../../protocol/schemas/01-fetch.ts';
import type { FetchedRow } from '../../replica/fetch-target.ts';
import type { ConnectionSession } from '../connection/connection-session.ts';
import { sessionSlot } from '../connection/connection-session.ts';
import type { RequestContext } from '../handler.ts';
import type { BrokerServices } from '../services.ts';
import type { FetchSession, SessionTarget } from './fetch-session.ts';
import { addTargets } from './fetch-session.ts';
import type { FetchSessionCache } from './fetch-session-cache.ts';

/** First version that carries sessions, and first that carries topic ids. */
const sessionsSinceVersion = 7;
const topicIdsSinceVersion = 13;
/** Session epochs with a meaning of their own (KIP-227). */
const initialEpoch = 0;
const finalEpoch = -1;

type Services = Pick<BrokerServices, 'fetchSessions' | 'metadata'>;

/** What one Fetch request is about, and which of its rows the reader has to hear of. */
export interface FetchScope {
  /** 0: no session. */
  readonly sessionId: number;
  readonly targets: Iterable<SessionTarget>;
  readonly rowsToSend: (rows: readonly FetchedRow[]) => readonly FetchedRow[];
}

/** Sessions opened on a connection: they go with it. */
const openedSessions = sessionSlot<Set<number>>('fetch sessions');

/** Resolves the session of a request: full, incremental or none. A number is the error code of the whole response. */
export function fetchScope(
  request: FetchRequest,
  context: RequestContext,
  services: Services,
  isFollower: boolean,
): FetchScope | number {
  const { sessionId, sessionEpoch } = request;
  const cache = services.fetchSessions;
  const usesIds = context.apiVersion >= topicIdsSinceVersion;
  if (context.apiVersion >= sessionsSinceVersion && sessionEpoch !== finalEpoch && sessionEpoch !== initialEpoch)
    return continueSession(request, services, usesIds);
  if (sessionId !== 0) cache.delete(sessionId);
  const targets = new Map<string, SessionTarget>();
  addTargets(targets, request, usesIds, nameResolver(services));
  const wantsSession = context.apiVersion >= sessionsSinceVersion && sessionEpoch === initialEpoch;
  const session = wantsSession ? cache.create(targets, { usesIds, isFollower }) : undefined;
  if (session) bindToConnection(session, context.session, cache);
  if (session && usesIds) session.hasUnnamed = [...targets.values()].some(({ topic }) => topic === '');
  return fullScope(session, targets);
}

function fullScope(session: FetchSession | undefined, targets: Map<string, SessionTarget>): FetchScope {
  return {
    sessionId: session?.id ?? 0,
    targets: { [Symbol.iterator]: () => targets.values() },
    rowsToSend: (rows) => {
      session?.newsOf(rows);
      return rows;
    },
  };
}

function continueSession(request: FetchRequest, services: Services, usesIds: boolean): FetchScope | number {
  const cache = services.fetchSessions;
  const session = cache.use(request.sessionId);
  if (!session) return errorCode.FETCH_SESSION_ID_NOT_FOUND;
  if (session.usesIds !== usesIds) return errorCode.FETCH_SESSION_TOPIC_ID_ERROR;
  if (session.nextEpoch !== request.sessionEpoch) return errorCode.INVALID_FETCH_SESSION_EPOCH;
  session.update(request, nameResolver(services));
  session.advanceEpoch();
  const targets = { [Symbol.iterator]: () => session.targets.values() };
  if (session.targets.size > 0) return { sessionId: session.id, targets, rowsToSend: (rows) => session.newsOf(rows) };
  cache.delete(session.id);
  return { sessionId: 0, targets, rowsToSend: (rows) => rows };
}

function nameResolver({ metadata }: Services): (topicId: string) => string {
  const view = metadata();
  return (topicId) => view.topicsById.get(topicId)?.name ?? '';
}

function bindToConnection(session: FetchSession, connection: ConnectionSession, cache: FetchSessionCache): void {
  const opened = connection.getOrCreate(openedSessions, () => {
    const ids = new Set<number>();
    connection.onClose(() => {
      for (const id of ids) cache.delete(id);
    });
    return ids;
  });
  for (const id of opened) if (!cache.has(id)) opened.delete(id);
  opened.add(session.id);
}
