import type { Message } from '../../../engine/studio/contract.ts';
import { messageKeyOf } from '../../store/browse-place.ts';
import type { StudioAnswer, StudioPayload } from '../../store/client.ts';

export type MessagePage = StudioAnswer<'topics.read'>;
type Tailed = StudioPayload<'topics.tailed'>;
export type TailFailure = Tailed['failures'][number];
export type PageCursor = NonNullable<MessagePage['next']>;

/** Messages that a window keeps of a live topic; older ones go, and can be read again. */
export const feedMessagesMax = 2_000;

/** Messages that a window keeps of pages read one behind the other. */
export const pagedMessagesMax = 20_000;

/** What the message table shows. */
export interface MessageFeed {
  readonly messages: readonly Message[];
  /** Where the page behind the last one begins; null when there is nothing more in that direction. */
  readonly next: PageCursor | null;
  /** Messages that a live topic brought and that were left out because they came too fast. */
  readonly dropped: number;
  /** Messages that came live and are shown, or were and had to go. */
  readonly tailed: number;
  /** Partitions of a live topic that cannot be read on, and why. */
  readonly failures: readonly TailFailure[];
}

export const emptyFeed: MessageFeed = { messages: [], next: null, dropped: 0, tailed: 0, failures: [] };

/** A page that was read. */
export function feedOf({ messages, next }: MessagePage): MessageFeed {
  return { ...emptyFeed, messages, next };
}

/** The feed with the page behind its last one. */
export function withFurtherPage(feed: MessageFeed, { messages, next }: MessagePage): MessageFeed {
  const known = new Set(feed.messages.map(messageKey));
  return { ...feed, messages: [...feed.messages, ...messages.filter((each) => !known.has(messageKey(each)))], next };
}

/** The feed with messages (oldest first) that came live, newest on top. A message that the page already has is not shown twice. */
export function withTailed(feed: MessageFeed, { messages, dropped, failures }: Omit<Tailed, 'tailId'>): MessageFeed {
  const known = new Set(feed.messages.map(messageKey));
  const fresh = messages.filter((message) => !known.has(messageKey(message))).toReversed();
  return {
    ...feed,
    messages: fresh.length === 0 ? feed.messages : [...fresh, ...feed.messages].slice(0, feedMessagesMax),
    dropped: feed.dropped + dropped,
    tailed: feed.tailed + fresh.length,
    failures,
  };
}

/** A page that was read while the topic is followed: what came meanwhile stays, in its place. */
export function withPage(feed: MessageFeed, { messages, next }: MessagePage): MessageFeed {
  const known = new Set(messages.map(messageKey));
  const others = feed.messages.filter((message) => !known.has(messageKey(message)));
  const all = [...messages, ...others].sort(
    (a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset || a.partition - b.partition,
  );
  return { ...feed, messages: all.slice(0, feedMessagesMax), next };
}

/** What names a message inside its topic. */
export function messageKey({ partition, offset }: Pick<Message, 'partition' | 'offset'>): string {
  return messageKeyOf(partition, offset);
}
