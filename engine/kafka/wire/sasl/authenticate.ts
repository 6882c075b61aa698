import type { Random } from '../../../base/random.ts';
import type { Api } from '../../../protocol/api-keys.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import { protocolFault, WireFault } from '../../kafka-error.ts';
import type { PasswordSettings, SaslSettings, TokenSettings } from './sasl-settings.ts';
import { ScramExchange } from './scram.ts';

/** Sends one request of a handshake, ahead of everything that waits for it. */
export type Ask = <Req extends MessageSchema, Res extends MessageSchema>(
  api: Api<Req, Res>,
  body: MessageInput<Req>,
) => Promise<MessageOf<Res>>;

const nonceBytes = 18;

/**
 * Logs in to a broker (SaslHandshake 1, SaslAuthenticate). Resolves with how long the session may last in milliseconds, 0 for
 * ever (KIP-368). Rejects with KAFKA_AUTHENTICATION_FAILED or KAFKA_UNSUPPORTED_SASL_MECHANISM, neither worth a retry.
 */
export async function authenticate(ask: Ask, settings: SaslSettings, random: Random): Promise<number> {
  const { mechanism } = settings;
  const { errorCode: refused, mechanisms } = await ask(apis.saslHandshake, { mechanism });
  if (refused === errorCode.UNSUPPORTED_SASL_MECHANISM)
    throw protocolFault(
      refused,
      `the broker offers ${mechanisms.join(', ') || 'no mechanism'}, this connection uses ${mechanism}`,
    );
  if (refused !== 0) throw protocolFault(refused);
  if (settings.mechanism === 'PLAIN') return (await token(ask, plainToken(settings))).lifetimeMs;
  if (settings.mechanism === 'OAUTHBEARER') return await bearer(ask, settings);
  const exchange = new ScramExchange(settings, Buffer.from(random.bytes(nonceBytes)).toString('base64'));
  const challenge = await token(ask, exchange.first());
  const last = await token(ask, await exchange.proof(challenge.bytes));
  exchange.verify(last.bytes);
  return last.lifetimeMs;
}

async function token(ask: Ask, authBytes: Buffer): Promise<{ bytes: Buffer; lifetimeMs: number }> {
  const answer = await ask(apis.saslAuthenticate, { authBytes });
  if (answer.errorCode === errorCode.SASL_AUTHENTICATION_FAILED)
    throw new WireFault(
      'KAFKA_AUTHENTICATION_FAILED',
      `the broker refused the credentials: ${answer.errorMessage || 'it does not say why'}`,
      { details: { protocolError: 'SASL_AUTHENTICATION_FAILED' } },
    );
  if (answer.errorCode !== 0) throw protocolFault(answer.errorCode, answer.errorMessage);
  return { bytes: answer.authBytes, lifetimeMs: answer.sessionLifetimeMs };
}

function plainToken({ username, password }: PasswordSettings): Buffer {
  return Buffer.from(`\0${username}\0${password}`);
}

/** RFC 7628. A refusal comes as a token of JSON, which a single 0x01 acknowledges; the broker then fails the exchange. */
async function bearer(ask: Ask, settings: TokenSettings): Promise<number> {
  const value = await settings.token();
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new WireFault('KAFKA_AUTHENTICATION_FAILED', 'OAUTHBEARER: expected a token of visible ASCII characters');
  const extensions = Object.entries(settings.extensions ?? {}).map(([name, text]) => `${name}=${text}\u0001`);
  const first = Buffer.from(`n,,\u0001auth=Bearer ${value}\u0001${extensions.join('')}\u0001`);
  const answer = await token(ask, first);
  if (answer.bytes.length === 0) return answer.lifetimeMs;
  const said = answer.bytes.toString('utf8').slice(0, 500);
  await token(ask, Buffer.from([1])).catch(() => {});
  throw new WireFault('KAFKA_AUTHENTICATION_FAILED', `OAUTHBEARER: the broker refused the token: ${said}`);
}
