import type { SaslLogin } from '../../security/sasl/sasl-login.ts';
import type { ResponseSlot } from '../response-queue.ts';
import type { ExchangeEnds } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/** Takes a token that has no request around it, as clients send it after SaslHandshake 0: answered with a bare token, or not at all. */
export function takeBareToken(
  frame: Buffer,
  login: SaslLogin,
  { connection, session }: ExchangeEnds,
  slot: ResponseSlot,
  parts: PipelineParts,
): void {
  const { clock, turnedAway } = parts;
  const outcome = login.token(frame, clock.monotonic());
  if (outcome.kind === 'goes on' || outcome.kind === 'proved') {
    if (outcome.kind === 'proved') session.principal = { type: 'User', name: outcome.userName };
    slot.complete([outcome.answer]);
    return;
  }
  clock.after(parts.login.failureDelayMs, () => {
    const what = 'a client that could not prove who it is';
    turnedAway.note(what, { remoteAddress: connection.remoteAddress });
    connection.close(what);
  });
}
