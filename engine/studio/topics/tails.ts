import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { StudioSession } from '../session.ts';
import { previewBounds, shownMessage } from './shown-message.ts';
import { Tail } from './tail.ts';
import type { TopicSource } from './topic-source.ts';

/** Live tails of one window. */
const tailsMax = 8;

/** The live tails of all windows; each ends with its window at the latest. */
export class Tails {
  readonly #clock: Clock;
  readonly #ends = new Map<StudioSession, Map<string, () => Promise<void>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Starts to follow a topic; its messages go to the window as `topics.tailed`. Rejects with TOO_MANY_TAILS, KAFKA_UNKNOWN_TOPIC. */
  async start(session: StudioSession, source: TopicSource, topic: string): Promise<string> {
    const mine = this.#ends.get(session) ?? new Map<string, () => Promise<void>>();
    if (mine.size >= tailsMax)
      throw new MillraceError('TOO_MANY_TAILS', `expected at most ${tailsMax} live tails in a window; stop one first`);
    this.#ends.set(session, mine);
    const tailId = randomUUID();
    const tail = new Tail(this.#clock, ({ messages: raw, dropped, failures }) => {
      const messages = raw.map((message) => shownMessage(topic, message, previewBounds));
      return session.emit('topics.tailed', { tailId, messages, dropped, failures: [...failures] });
    });
    const end = session.own(async () => {
      mine.delete(tailId);
      if (mine.size === 0) this.#ends.delete(session);
      await tail.close();
    });
    mine.set(tailId, end);
    try {
      await tail.start(source, topic);
    } catch (thrown) {
      await end();
      throw thrown;
    }
    return tailId;
  }

  async end(session: StudioSession, tailId: string): Promise<void> {
    await this.#ends.get(session)?.get(tailId)?.();
  }
}
