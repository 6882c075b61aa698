import { expect, it } from 'vitest';
import type { LeadershipListener } from '../replica/leadership-listeners.ts';
import { routeLeadership } from './route-leadership.ts';

it('tells each coordinator of its own topic, and nobody of others', () => {
  const told: string[] = [];
  const coordinator = (name: string) => ({
    elected: async (partition: number, leaderEpoch: number) => void told.push(`${name} +${partition} ${leaderEpoch}`),
    resigned: (partition: number) => void told.push(`${name} -${partition}`),
  });
  let listener: LeadershipListener | undefined;
  const replicas = {
    onLeadership: (given: LeadershipListener) => {
      listener = given;
    },
  };
  routeLeadership(
    replicas,
    new Map([
      ['__consumer_offsets', coordinator('groups')],
      ['__transaction_state', coordinator('transactions')],
    ]),
  );
  listener?.elected('__consumer_offsets', 3, 7);
  listener?.elected('__transaction_state', 4, 8);
  listener?.elected('orders', 5, 9);
  listener?.resigned('__transaction_state', 4);
  listener?.resigned('orders', 5);
  expect(told).toEqual(['groups +3 7', 'transactions +4 8', 'transactions -4']);
});
