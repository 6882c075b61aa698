import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import type { Isolation } from '../isolation.ts';
import type { FetchAttempt } from './fetch-waits.ts';
import { FetchWaits } from './fetch-waits.ts';

const partition = { leaderRole: { followers: new Map([[7, {}]]) } };

/** One fetch that is parked for 10 bytes; counts how often it was tried. */
function parked(isolation: Isolation = 'read-uncommitted', replicaId = -1) {
  const clock = new ManualClock();
  const waits = new FetchWaits(clock);
  const seen = { attempts: 0, answers: 0, readable: 0 };
  const read = (): FetchAttempt => {
    seen.attempts++;
    return { rows: [], bytes: seen.readable, mustAnswer: false };
  };
  const fetch = { replicaId, isolation, partitions: [partition], minBytes: 10, maxWaitMs: 500, bytes: 0, read };
  void waits.park(fetch).then(() => seen.answers++);
  const turn = async () => {
    clock.advance(0);
    await Promise.resolve();
  };
  return { clock, waits, seen, turn };
}

it('a consumer is looked at when enough bytes are committed, and not before', async () => {
  const { waits, seen, turn } = parked();
  waits.moved({ what: 'end', partition, bytes: 6 });
  waits.moved({ what: 'committed', partition, isStable: true });
  await turn();
  expect(seen).toMatchObject({ attempts: 0, answers: 0 });
  waits.moved({ what: 'end', partition, bytes: 6 });
  waits.moved({ what: 'committed', partition, isStable: true });
  seen.readable = 12;
  await turn();
  expect(seen).toMatchObject({ attempts: 1, answers: 1 });
});

it('a reader of committed transactions sleeps while one is open, however much is appended', async () => {
  const { waits, seen, turn } = parked('read-committed');
  for (let append = 0; append < 100; append++) {
    waits.moved({ what: 'end', partition, bytes: 1_000 });
    waits.moved({ what: 'committed', partition, isStable: false });
    await turn();
  }
  expect(seen.attempts).toBe(0);
  waits.moved({ what: 'committed', partition, isStable: true });
  seen.readable = 100_000;
  await turn();
  expect(seen).toMatchObject({ attempts: 1, answers: 1 });
});

it('a follower is looked at once for all that was appended in a turn', async () => {
  const { waits, seen, turn } = parked('log-end', 7);
  for (let append = 0; append < 5; append++) waits.moved({ what: 'end', partition, bytes: 1 });
  seen.readable = 5;
  await turn();
  expect(seen).toMatchObject({ attempts: 1, answers: 0 });
});

it.each(['role', 'retired'] as const)('answers everybody on a partition of which the %s is told', async (what) => {
  const { waits, seen, turn } = parked();
  waits.moved({ what, partition });
  await turn();
  expect(seen.answers).toBe(1);
});
