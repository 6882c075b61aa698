import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { ConnectionRef, StudioHandlers } from '../contract.ts';
import type { StudioSession } from '../session.ts';
import { readPage } from './read-messages.ts';
import { previewBytesMax, shownMessage } from './shown-message.ts';
import { Tails } from './tails.ts';
import type { TopicSource } from './topic-source.ts';

/** Bytes of all values of a list together: many messages mean shorter previews. */
const pageBytesMax = 8 * 1024 * 1024;
/** Bytes of a value that is shown whole. */
const wholeBytesMax = 8 * 1024 * 1024;

/** Finds the topics behind a Kafka Connection of a window's project, or behind the bundled cluster. */
export type FindSource = (connection: ConnectionRef | undefined, session: StudioSession) => Promise<TopicSource>;

type Handlers = StudioHandlers<StudioSession>;
type TopicHandlers = Pick<Handlers, Extract<keyof Handlers, `topics.${string}`>>;

/** The calls of the topic views. */
export function topicHandlers(find: FindSource, clock: Clock): TopicHandlers {
  const tails = new Tails(clock);
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
      const { messages, next } = await readPage(await find(connection, session), clock, request);
      const valueBytesMax = Math.min(previewBytesMax, Math.floor(pageBytesMax / request.limit));
      return { messages: messages.map((raw) => shownMessage(request.topic, raw, valueBytesMax)), next };
    },
    'topics.message': async ({ connection, ...place }, session) => {
      const raw = await readOne(await find(connection, session), clock, place);
      return shownMessage(place.topic, raw, wholeBytesMax);
    },
    'topics.produce': async ({ connection, ...message }, session) => (await find(connection, session)).produce(message),
    'topics.tail': async ({ connection, topic }, session) => ({
      tailId: await tails.start(session, await find(connection, session), topic),
    }),
    'topics.untail': async ({ tailId }, session) => {
      await tails.end(session, tailId);
      return {};
    },
  };
}

async function readOne(
  source: TopicSource,
  clock: Clock,
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: number },
) {
  const { messages } = await readPage(source, clock, { topic, partition, from: { at: 'offset', offset }, limit: 1 });
  const raw = messages.find((message) => message.offset === offset);
  if (raw) return raw;
  throw new MillraceError(
    'MESSAGE_GONE',
    `expected a message at ${topic}[${partition}] @ ${offset}, found none: it was deleted or compacted away`,
  );
}
