import { errorCode } from '../../../protocol/error-codes.ts';
import { saslAuthenticateRequest, saslAuthenticateResponse } from '../../../protocol/schemas/36-sasl-authenticate.ts';
import { answerLate } from '../connection/answer-late.ts';
import { defineHandler } from '../handler.ts';

/*
 * SaslAuthenticate 0-2: a token of the mechanism that SaslHandshake has chosen (KIP-152).
 * - A refusal is in Kafka's words, which clients show, comes late and ends the connection.
 * - 1+: for how long the login holds (KIP-368).
 */
export const saslAuthenticateHandler = defineHandler(saslAuthenticateRequest, saslAuthenticateResponse, {
  needs: ['clock', 'settings'],
  handle: ({ authBytes }, context, services) => {
    const { session } = context;
    const outcome = session.login?.token(authBytes, services.clock.monotonic()) ?? ({ kind: 'wrong state' } as const);
    switch (outcome.kind) {
      case 'goes on':
        return { errorCode: errorCode.NONE, errorMessage: '', authBytes: outcome.answer };
      case 'proved':
        session.principal = { type: 'User', name: outcome.userName };
        return {
          errorCode: errorCode.NONE,
          errorMessage: '',
          authBytes: outcome.answer,
          sessionLifetimeMs: outcome.lifetimeMs,
        };
      case 'refused':
        return answerLate(refusal(errorCode.SASL_AUTHENTICATION_FAILED, outcome.message), context, services);
      case 'wrong state':
        return refusal(
          errorCode.ILLEGAL_SASL_STATE,
          'SaslAuthenticate request received after successful authentication',
        );
    }
  },
});

const nothing = Buffer.alloc(0);

function refusal(code: number, errorMessage: string) {
  return { errorCode: code, errorMessage, authBytes: nothing };
}
