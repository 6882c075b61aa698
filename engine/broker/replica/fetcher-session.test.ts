import { expect, it } from 'vitest';
import { errorCode } from '../protocol/error-codes.ts';
import type { FetchResponse } from '../protocol/schemas/01-fetch.ts';
import { FetcherSession } from './fetcher-session.ts';

function target(partition: number, fetchOffset: number) {
  const ids = { topic: 'orders', topicId: 'ordersAAAAAAAAAAAAAAAA', partition };
  return { ...ids, fetchOffset, currentLeaderEpoch: 1, lastFetchedEpoch: 1, logStartOffset: 0, maxBytes: 100 };
}

function response(sessionId: number, code: number = errorCode.NONE): FetchResponse {
  return { throttleTimeMs: 0, errorCode: code, sessionId, responses: [], nodeEndpoints: [] };
}

const partitionsOf = (session: FetcherSession, offsets: readonly (readonly [number, number])[]) => {
  const part = session.build(offsets.map(([partition, offset]) => target(partition, offset)));
  return {
    id: part.sessionId,
    epoch: part.sessionEpoch,
    asked: part.topics.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)),
    forgotten: (part.forgottenTopicsData ?? []).flatMap(({ partitions }) => partitions ?? []),
  };
};

it('names every partition first, then only what changed', () => {
  const session = new FetcherSession();
  expect(
    partitionsOf(session, [
      [0, 0],
      [1, 0],
    ]),
  ).toEqual({ id: 0, epoch: 0, asked: [0, 1], forgotten: [] });
  session.accept(response(77));
  expect(
    partitionsOf(session, [
      [0, 0],
      [1, 5],
    ]),
  ).toEqual({ id: 77, epoch: 1, asked: [1], forgotten: [] });
  session.accept(response(77));
  expect(
    partitionsOf(session, [
      [1, 5],
      [2, 0],
    ]),
  ).toEqual({ id: 77, epoch: 2, asked: [2], forgotten: [0] });
});

it('starts over when the session is refused or the leader keeps none', () => {
  const session = new FetcherSession();
  partitionsOf(session, [[0, 0]]);
  session.accept(response(77));
  partitionsOf(session, [[0, 0]]);
  expect(session.accept(response(0, errorCode.FETCH_SESSION_ID_NOT_FOUND))).toBe(false);
  expect(partitionsOf(session, [[0, 0]])).toEqual({ id: 0, epoch: 0, asked: [0], forgotten: [] });
  expect(session.accept(response(0))).toBe(true);
  expect(partitionsOf(session, [[0, 0]])).toEqual({ id: 0, epoch: 0, asked: [0], forgotten: [] });
});
