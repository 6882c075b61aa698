import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { ConnectionRef, Message, StudioContract } from '../contract.ts';
import type { StudioHandlers } from '../server/dispatch.ts';
import type { StudioSession } from '../server/session.ts';
import { decode } from './decode.ts';
import { readPage } from './read-messages.ts';
import { Tail } from './tail.ts';
import type { RawMessage, TopicSource } from './topic-source.ts';

/** Bytes of a value in a list; `topics.message` gives it whole. */
const previewBytesMax = 16 * 1024;
/** Bytes of all values of a list together: many messages mean shorter previews. */
const pageBytesMax = 8 * 1024 * 1024;
const wholeBytesMax = 8 * 1024 * 1024;
const keyBytesMax = 4 * 1024;
const headersMax = 100;
/** Live tails of one window. */
const tailsMax = 8;

/** Finds the topics behind a Kafka Connection of a window's project, or behind the bundled cluster. */
export type FindSource = (connection: ConnectionRef | undefined, session: StudioSession) => Promise<TopicSource>;

type TopicHandlers = Pick<
  StudioHandlers<StudioSession>,
  Extract<keyof StudioContract & keyof StudioHandlers<StudioSession>, `topics.${string}`>
>;

/** The calls of the topic views. */
export function topicHandlers(find: FindSource, clock: Clock): TopicHandlers {
  const tails = new Map<StudioSession, Map<string, () => Promise<void>>>();
  return {
    'topics.list': async ({ connection }, session) => (await find(connection, session)).list(),
    'topics.create': async ({ connection, ...topic }, session) => {
      await (await find(connection, session)).create(topic);
      return {};
    },
    'topics.delete': async ({ connection, name }, session) => {
      await (await find(connection, session)).delete(name);
      return {};
    },
    'topics.read': async ({ connection, ...request }, session) => {
      const page = await readPage(await find(connection, session), clock, request);
      const valueBytesMax = Math.min(previewBytesMax, Math.floor(pageBytesMax / request.limit));
      return {
        messages: page.messages.map((raw) => shown(request.topic, raw, valueBytesMax)),
        reachedEnd: page.reachedEnd,
      };
    },
    'topics.message': async ({ connection, topic, partition, offset }, session) => {
      const source = await find(connection, session);
      const { messages } = await readPage(source, clock, {
        topic,
        partition,
        from: { at: 'offset', offset },
        limit: 1,
      });
      const raw = messages.find((message) => message.offset === offset);
      if (!raw)
        throw new MillraceError(
          'MESSAGE_GONE',
          `expected a message at ${topic}[${partition}] @ ${offset}, found none: it was deleted or compacted away`,
        );
      return shown(topic, raw, wholeBytesMax);
    },
    'topics.produce': async ({ connection, ...message }, session) => (await find(connection, session)).produce(message),
    'topics.tail': async ({ connection, topic }, session) => {
      const mine = tails.get(session) ?? new Map<string, () => Promise<void>>();
      tails.set(session, mine);
      if (mine.size >= tailsMax)
        throw new MillraceError(
          'TOO_MANY_TAILS',
          `expected at most ${tailsMax} live tails in a window; stop one first`,
        );
      const tailId = randomUUID();
      const tail = new Tail(clock, (messages, dropped) =>
        session.emit('topics.tailed', {
          tailId,
          messages: messages.map((raw) => shown(topic, raw, previewBytesMax)),
          dropped,
        }),
      );
      const end = session.own(async () => {
        mine.delete(tailId);
        if (mine.size === 0) tails.delete(session);
        await tail.close();
      });
      mine.set(tailId, end);
      await tail.start(await find(connection, session), topic).catch(async (thrown) => {
        await end();
        throw thrown;
      });
      return { tailId };
    },
    'topics.untail': async ({ tailId }, session) => {
      await tails.get(session)?.get(tailId)?.();
      return {};
    },
  };
}

/** A message as the window gets it. */
export function shown(
  topic: string,
  { partition, offset, timestampMs, key, value, headers }: RawMessage,
  valueBytesMax: number,
): Message {
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: decode(key, keyBytesMax),
    value: decode(value, valueBytesMax),
    headers: headers
      .slice(0, headersMax)
      .map((header) => ({ key: header.key, value: decode(header.value, keyBytesMax) })),
  };
}
