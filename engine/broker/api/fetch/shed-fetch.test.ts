import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { FetchRequest } from '../../../protocol/schemas/01-fetch.ts';
import type { FetchedRow } from '../../replica/fetch-target.ts';
import { SessionTarget } from './fetch-session.ts';
import { FetchSessionCache } from './fetch-session-cache.ts';
import { shedFetch } from './shed-fetch.ts';

function bench() {
  const sessions = new FetchSessionCache({ clock: new ManualClock(), random: new SeededRandom(1), slots: 10 });
  const target = new SessionTarget('t', '', { partition: 0, fetchOffset: 0 } as never);
  const session = sessions.create(new Map([['t/0', target]]), { usesIds: false, isFollower: false })!;
  const offsets = { highWatermark: 5, lastStableOffset: 5, logStartOffset: 0 };
  const row = { target, errorCode: 0, ...offsets, records: Buffer.alloc(0) } as unknown as FetchedRow;
  return { sessions, session, row };
}

it('tells a consumer the next time what it would have been told', () => {
  const { sessions, session, row } = bench();
  expect(session.newsOf([row])).toHaveLength(1);
  expect(shedFetch({ sessionEpoch: 1 } as FetchRequest, session.id, sessions)).toMatchObject({
    sessionId: session.id,
    responses: [],
  });
  expect(session.newsOf([row])).toHaveLength(1);
  expect(session.newsOf([row])).toHaveLength(0);
});

it('opens no session for a request that gets nothing', () => {
  const { sessions, session } = bench();
  expect(shedFetch({ sessionEpoch: 0 } as FetchRequest, session.id, sessions)).toMatchObject({ sessionId: 0 });
  expect(sessions.size).toBe(0);
});
