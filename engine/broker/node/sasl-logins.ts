import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { ScramImage } from '../controller/scram/scram-image.ts';
import { OauthExchange } from '../security/sasl/oauth-exchange.ts';
import type { TokenRules } from '../security/sasl/oauth-token.ts';
import { PlainExchange } from '../security/sasl/plain-exchange.ts';
import { plainUsersIn } from '../security/sasl/plain-users.ts';
import { SaslLogin } from '../security/sasl/sasl-login.ts';
import type { SaslExchange, SaslMechanism } from '../security/sasl/sasl-mechanism.ts';
import { saslMechanismOf } from '../security/sasl/sasl-mechanism.ts';
import { ScramServerExchange } from '../security/sasl/scram-exchange.ts';
import type { BrokerConfig } from './config/broker-config.ts';
import { hasSasl, listsOf } from './config/listener-protocol.ts';
import { ListenerSettings } from './config/listener-settings.ts';
import type { Listener } from './config/listeners.ts';

const nonceBytes = 18;

/** The keys that tokens are signed with, by the URL of a setting. */
export type TokenKeys = (settings: ListenerSettings) => TokenRules['keyOf'];

export interface SaslLoginParts {
  readonly config: Pick<BrokerConfig, 'listenerSet' | 'given'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly credentials: () => ScramImage;
  /** Left out: no token is known to anybody. */
  readonly tokenKeys?: TokenKeys | undefined;
}

/** Makes the login of a new connection of a client; undefined where nobody has to say who it is. */
export type NewLogin = (listener: string | undefined) => SaslLogin | undefined;

/** Logins by listener; undefined where no listener asks anybody who it is. */
export function saslLogins(parts: SaslLoginParts): NewLogin | undefined {
  const { listeners } = parts.config.listenerSet;
  const asking = new Map(
    listeners.filter(({ protocol }) => hasSasl(protocol)).map((listener) => [listener.name, loginsOf(listener, parts)]),
  );
  if (asking.size === 0) return undefined;
  return (name) => asking.get(name ?? listeners[0].name)?.();
}

function loginsOf(
  { name }: Listener,
  { config, clock, random, credentials, tokenKeys }: SaslLoginParts,
): () => SaslLogin {
  const settings = new ListenerSettings(config.given, name);
  const mechanisms = listsOf(settings.text('sasl.enabled.mechanisms')).flatMap((text) => saslMechanismOf(text) ?? []);
  const users = plainUsersIn(settings.text('sasl.jaas.config', 'PLAIN'));
  const tokens = mechanisms.includes('OAUTHBEARER') ? tokenRules(settings, tokenKeys, clock) : undefined;
  const lifetimes = new Map(mechanisms.map((each) => [each, settings.number('connections.max.reauth.ms', each)]));
  const exchangeFor = (mechanism: SaslMechanism): SaslExchange => {
    if (mechanism === 'PLAIN') return new PlainExchange(users);
    if (mechanism === 'OAUTHBEARER') return new OauthExchange(tokens as TokenRules);
    return new ScramServerExchange({
      mechanism,
      credentialOf: (userName) => credentials().get(userName)?.get(mechanism),
      serverNonce: Buffer.from(random.bytes(nonceBytes)).toString('base64'),
    });
  };
  return () => new SaslLogin({ mechanisms, exchangeFor, reauthenticationMsMax: (each) => lifetimes.get(each) ?? 0 });
}

function tokenRules(
  settings: ListenerSettings,
  tokenKeys: TokenKeys | undefined,
  clock: Pick<Clock, 'now'>,
): TokenRules {
  return {
    keyOf: tokenKeys?.(settings) ?? (() => []),
    nowMs: () => clock.now(),
    audiences: listsOf(settings.text('sasl.oauthbearer.expected.audience')),
    issuer: settings.optional('sasl.oauthbearer.expected.issuer'),
    scopeClaim: settings.text('sasl.oauthbearer.scope.claim.name'),
    subClaim: settings.text('sasl.oauthbearer.sub.claim.name'),
    clockSkewMs: settings.number('sasl.oauthbearer.clock.skew.seconds') * 1_000,
  };
}
