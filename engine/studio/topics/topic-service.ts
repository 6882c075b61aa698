import type { Clock } from '../../base/clock.ts';
import type { StudioHandlers } from '../contract.ts';
import type { ResourceRef } from '../resources/open-ref.ts';
import type { StudioSession } from '../session.ts';
import { readMessage, readPage } from './read-messages.ts';
import { previewBoundsFor, shownMessage, wholeBounds } from './shown-message.ts';
import { Tails } from './tails.ts';
import type { TopicSource } from './topic-source.ts';

/** Bytes of one piece of a key or value; three make four letters of base64, so that pieces join. */
export const pieceBytesMax = 6 * 1024 * 1024;

/** Finds the topics behind a Kafka Connection of a window's project, or behind the bundled cluster. */
export type FindSource = (connection: ResourceRef | undefined, session: StudioSession) => Promise<TopicSource>;

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
      const bounds = previewBoundsFor(request.limit);
      return { messages: messages.map((raw) => shownMessage(request.topic, raw, bounds)), next };
    },
    'topics.message': async ({ connection, ...place }, session) => {
      const raw = await readMessage(await find(connection, session), clock, place);
      return shownMessage(place.topic, raw, wholeBounds);
    },
    'topics.bytes': async ({ connection, part, from, ...place }, session) => {
      const bytes = (await readMessage(await find(connection, session), clock, place))[part];
      const piece = bytes === null ? [] : bytes.subarray(from, from + pieceBytesMax);
      return { contentBase64: Buffer.from(piece).toString('base64'), sizeBytes: bytes?.length ?? 0 };
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
