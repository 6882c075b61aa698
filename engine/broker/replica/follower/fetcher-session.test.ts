import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { FetcherSession } from './fetcher-session.ts';

function target(partition: number, fetchOffset: number) {
  const ids = { topic: 'orders', topicId: 'ordersAAAAAAAAAAAAAAAA', partition };
  return {
    ...ids,
    fetchOffset,
    currentLeaderEpoch: 1,
    lastFetchedEpoch: 1,
    logStartOffset: 0,
    maxBytes: 100,
    told: undefined,
  };
}

function response(sessionId: number, code: number = errorCode.NONE): FetchResponse {
  return { throttleTimeMs: 0, errorCode: code, sessionId, responses: [], nodeEndpoints: [] };
}

it('opens a session with a full request and counts its epochs', () => {
  const session = new FetcherSession();
  expect(session.isFull).toBe(true);
  expect(session.build([target(0, 5), target(1, 0)], [])).toMatchObject({
    sessionId: 0,
    sessionEpoch: 0,
    topics: [{ topicId: 'ordersAAAAAAAAAAAAAAAA', partitions: [{ partition: 0, fetchOffset: 5 }, { partition: 1 }] }],
  });
  session.accept(response(77));
  expect(session.isFull).toBe(false);
  expect(session.build([], [target(0, 5)])).toMatchObject({
    sessionId: 77,
    sessionEpoch: 1,
    topics: [],
    forgottenTopicsData: [{ topicId: 'ordersAAAAAAAAAAAAAAAA', partitions: [0] }],
  });
  session.accept(response(77));
  expect(session.build([], [])).toMatchObject({ sessionId: 77, sessionEpoch: 2 });
});

it('starts over when the session is refused or the leader keeps none', () => {
  const session = new FetcherSession();
  session.accept(response(77));
  expect(session.accept(response(0, errorCode.FETCH_SESSION_ID_NOT_FOUND))).toBe(false);
  expect(session.isFull).toBe(true);
  expect(session.accept(response(0))).toBe(true);
  expect(session.isFull).toBe(true);
});
