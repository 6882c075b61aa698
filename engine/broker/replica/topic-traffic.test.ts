import { expect, it } from 'vitest';
import { TopicTraffics } from './topic-traffic.ts';

it('keeps what went through topics that are gone in the total', () => {
  const traffics = new TopicTraffics();
  traffics.of('a').bytesIn += 10;
  traffics.of('b').bytesIn += 5;
  traffics.of('b').messagesIn += 1;
  traffics.keep((topic) => topic === 'b');
  expect([...traffics.entries()].map(([topic]) => topic)).toEqual(['b']);
  expect(traffics.total()).toMatchObject({ bytesIn: 15, messagesIn: 1 });
  traffics.of('a').bytesIn += 1;
  expect(traffics.total().bytesIn).toBe(16);
});
