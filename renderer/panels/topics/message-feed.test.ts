import { expect, it } from 'vitest';
import type { Message } from '../../../engine/studio/contract.ts';
import { emptyFeed, feedMessagesMax, feedOf, messageKey, withTailed } from './message-feed.ts';

const text = { format: 'text', text: 'x', sizeBytes: 1, truncated: false, reason: null } as const;
const message = (offset: number): Message => ({
  topic: 't',
  partition: 0,
  offset,
  timestampMs: offset,
  key: text,
  value: text,
  headers: [],
  headerCount: 0,
});

it('puts what comes live on top, and shows nothing twice', () => {
  const feed = withTailed(feedOf({ messages: [message(2), message(1)], next: null }), {
    messages: [message(2), message(3), message(4)],
    dropped: 0,
    failures: [],
  });
  expect(feed.messages.map(messageKey)).toEqual(['0-4', '0-3', '0-2', '0-1']);
  expect(feed.tailed).toBe(2);
});

it('keeps a bounded number and adds up what was dropped', () => {
  let feed = emptyFeed;
  for (let at = 0; at < 30; at++)
    feed = withTailed(feed, {
      messages: Array.from({ length: 100 }, (_, index) => message(at * 100 + index)),
      dropped: 5,
      failures: [],
    });
  expect(feed.messages).toHaveLength(feedMessagesMax);
  expect(feed).toMatchObject({ dropped: 150, tailed: 3_000 });
  expect(feed.messages[0]?.offset).toBe(2_999);
});
