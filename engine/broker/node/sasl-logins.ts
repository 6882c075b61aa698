import type { Random } from '../../base/random.ts';
import type { BrokerSettings } from '../api/configs/broker-settings.ts';
import type { ScramImage } from '../controller/scram/scram-image.ts';
import { PlainExchange } from '../security/sasl/plain-exchange.ts';
import { plainUsersIn } from '../security/sasl/plain-users.ts';
import { SaslLogin } from '../security/sasl/sasl-login.ts';
import { saslMechanismOf } from '../security/sasl/sasl-mechanism.ts';
import { ScramServerExchange } from '../security/sasl/scram-exchange.ts';
import { listenerProtocol, listsOf } from './config/listener-protocol.ts';

const nonceBytes = 18;

/** Makes the login of each new connection of a client; undefined where the listener asks nobody who it is. */
export function saslLogins(
  settings: BrokerSettings,
  random: Random,
  credentials: () => ScramImage,
): (() => SaslLogin) | undefined {
  if (!listenerProtocol(settings.listenerSecurityProtocolMap)?.startsWith('SASL_')) return undefined;
  const users = plainUsersIn(settings.plainSaslJaasConfig);
  const mechanisms = listsOf(settings.saslEnabledMechanisms).flatMap((name) => saslMechanismOf(name) ?? []);
  return () =>
    new SaslLogin({
      mechanisms,
      reauthenticationMsMax: settings.connectionsMaxReauthMs,
      exchangeFor: (mechanism) =>
        mechanism === 'PLAIN'
          ? new PlainExchange(users)
          : new ScramServerExchange({
              mechanism,
              credentialOf: (userName) => credentials().get(userName)?.get(mechanism),
              serverNonce: Buffer.from(random.bytes(nonceBytes)).toString('base64'),
            }),
    });
}
