import { errorCode } from '../../../protocol/error-codes.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from '../../../protocol/schemas/17-sasl-handshake.ts';
import { answerLate } from '../connection/answer-late.ts';
import { defineHandler } from '../handler.ts';

/*
 * SaslHandshake 0-1: a client chooses how to prove who it is (KIP-43).
 * - After version 0 the tokens come as frames of their own, without a request around them.
 * - A mechanism that is not offered: UNSUPPORTED_SASL_MECHANISM with those that are, and the end of the connection.
 * - Logged in already: ILLEGAL_SASL_STATE, unless logins run out here; then it begins to prove itself again (KIP-368). The same
 *   where nobody has to prove anything.
 */
export const saslHandshakeHandler = defineHandler(saslHandshakeRequest, saslHandshakeResponse, {
  needs: ['clock', 'settings'],
  handle: ({ mechanism }, context, services) => {
    const { login } = context.session;
    const outcome = login?.handshake(mechanism, context.apiVersion, services.clock.monotonic()) ?? 'wrong state';
    const mechanisms = [...(login?.mechanisms ?? [])];
    if (outcome === 'chosen') return { errorCode: errorCode.NONE, mechanisms };
    if (outcome === 'wrong state') return { errorCode: errorCode.ILLEGAL_SASL_STATE, mechanisms: [] };
    return answerLate({ errorCode: errorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms }, context, services);
  },
});
