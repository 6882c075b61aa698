import type { RequestContext } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

/** Tells who could not prove itself so after a while, which makes guessing slow, and closes the connection then. */
export function answerLate<Answer>(
  answer: Answer,
  context: RequestContext,
  { clock, settings }: Pick<BrokerServices, 'clock' | 'settings'>,
): Promise<Answer> {
  context.closeAfterAnswer('a client that could not prove who it is');
  return new Promise((resolve) => {
    clock.after(settings.connectionFailedAuthenticationDelayMs, () => resolve(answer));
  });
}
