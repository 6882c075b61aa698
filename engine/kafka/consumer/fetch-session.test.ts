import { describe, expect, it } from 'vitest';
import type { AskedPartition } from './fetch-request.ts';
import { FetchSession } from './fetch-session.ts';
import { FetchSource } from './fetch-source.ts';

const asked = (partition: number, offset: number, { id = 'id', epoch = 0 } = {}): AskedPartition => {
  const leader = { leader: 1, leaderEpoch: epoch, replicas: [1], isr: [1] };
  return {
    source: new FetchSource('t', partition, offset, () => {}),
    offset,
    view: { name: 't', id, isInternal: false, partitions: [leader, leader, leader] },
  };
};
const saidBy = ({ sessionId, sessionEpoch, partitions, forgotten }: ReturnType<FetchSession['next']>) => [
  `${sessionId}/${sessionEpoch}`,
  partitions.map(({ source, offset }) => `${source.feed.partition}@${offset}`).join(' '),
  forgotten.map(({ topicId, partition }) => `${topicId}:${partition}`).join(' '),
];

describe('FetchSession', () => {
  it('says everything once, then only what is new, moved or gone', () => {
    const session = new FetchSession();
    expect(saidBy(session.next([asked(0, 5), asked(1, 7)]))).toEqual(['0/0', '0@5 1@7', '']);
    session.answered(42);
    expect(saidBy(session.next([asked(0, 5), asked(1, 9)]))).toEqual(['42/1', '1@9', '']);
    session.answered(42);
    expect(saidBy(session.next([asked(1, 9), asked(2, 0)]))).toEqual(['42/2', '2@0', 'id:0']);
    session.answered(42);
    expect(saidBy(session.next([asked(1, 9), asked(2, 0, { epoch: 1 })]))).toEqual(['42/3', '2@0', '']);
  });

  it('forgets a topic that was deleted and takes up the one of the same name', () => {
    const session = new FetchSession();
    session.next([asked(0, 5)]);
    session.answered(1);
    expect(saidBy(session.next([asked(0, 0, { id: 'other' })]))).toEqual(['1/1', '0@0', 'id:0']);
  });

  it('begins anew after a failure, and stays without a session at a broker that gives none', () => {
    const session = new FetchSession();
    session.next([asked(0, 5)]);
    session.answered(42);
    session.next([asked(0, 6)]);
    session.reset();
    expect(saidBy(session.next([asked(0, 6)]))).toEqual(['0/0', '0@6', '']);
    session.answered(0);
    expect(saidBy(session.next([asked(0, 6)]))).toEqual(['0/0', '0@6', '']);
  });
});
