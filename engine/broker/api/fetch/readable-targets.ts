import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchedRow } from '../../replica/fetch-target.ts';
import type { RequestContext } from '../handler.ts';
import type { SessionTarget } from './fetch-session.ts';

/** What a reader may read of what it asks for, and the rows of the rest. */
export interface ReadableTargets {
  readonly allowed: Iterable<SessionTarget>;
  readonly refused: readonly FetchedRow[];
}

const noRecords = Buffer.alloc(0);
const none: readonly FetchedRow[] = [];

/** Looks whether who asks may READ each topic; a topic that is known by no name is left for its own error. */
export function readableTargets(targets: Iterable<SessionTarget>, context: RequestContext): ReadableTargets {
  let asked = '';
  let isAllowed = true;
  let hasRefused = false;
  for (const { topic } of targets) {
    if (topic !== asked) {
      asked = topic;
      isAllowed = topic === '' || context.authorize('read', 'topic', topic);
    }
    hasRefused ||= !isAllowed;
  }
  return hasRefused ? split(targets, context) : { allowed: targets, refused: none };
}

function split(targets: Iterable<SessionTarget>, context: RequestContext): ReadableTargets {
  const allowed: SessionTarget[] = [];
  const refused: FetchedRow[] = [];
  for (const target of targets) {
    if (target.topic === '' || context.authorize('read', 'topic', target.topic)) allowed.push(target);
    else refused.push(refusedRow(target));
  }
  return { allowed, refused };
}

function refusedRow(target: SessionTarget): FetchedRow {
  return {
    target,
    errorCode: errorCode.TOPIC_AUTHORIZATION_FAILED,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    diverging: undefined,
    records: noRecords,
    abortedTransactions: null,
  };
}
