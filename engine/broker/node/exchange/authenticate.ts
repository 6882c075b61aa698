import { apis } from '../../../protocol/api-keys.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { defaultStruct } from '../../../protocol/field-defaults.ts';
import type { RequestKind, SaslLogin } from '../../security/sasl/sasl-login.ts';
import type { Exchange } from './exchange.ts';
import type { StepIn, StepOutcome } from './step.ts';

const kinds: ReadonlyMap<number, RequestKind> = new Map<number, RequestKind>([
  [apis.apiVersions.key, 'versions'],
  [apis.saslHandshake.key, 'handshake'],
  [apis.saslAuthenticate.key, 'token'],
]);

/**
 * Says who asks: who the connection has proved to be. Where clients must prove that, nothing else is read of them before, and nothing
 * in between.
 */
export const authenticate: StepIn = (exchange) => {
  const { login, principal } = exchange.session;
  exchange.principal = principal;
  return login ? admitTo(login, exchange) : 'next';
};

function admitTo(login: SaslLogin, exchange: Exchange): StepOutcome {
  const { parts, apiKey, apiVersion, requestBytes } = exchange;
  // Its answer is under way.
  if (login.isFailed) return 'over';
  if (!login.isLoggedIn && requestBytes > parts.login.receiveBytesMax) {
    exchange.drop('a large request of a client that has not proved who it is', { requestBytes });
    return 'over';
  }
  const isKnown = apiKey !== apis.apiVersions.key || apiVersion <= apis.apiVersions.versionMax;
  const verdict = login.admit(kinds.get(apiKey) ?? 'other', isKnown, parts.clock.monotonic());
  if (verdict === 'go on') return 'next';
  if (verdict === 'wrong state') return refuseLate(login, exchange);
  exchange.drop('a request of a client that has not proved who it is', {});
  return 'over';
}

/** The empty answer of the API with the error where it has a place for it; then the connection closes. */
function refuseLate(login: SaslLogin, exchange: Exchange): StepOutcome {
  const { parts, apiKey, apiVersion } = exchange;
  const route = parts.routes.get(apiKey);
  login.fail();
  if (!route || apiVersion < route.api.versionMin || apiVersion > route.api.versionMax) {
    exchange.drop('an API or version that is not served', {});
    return 'over';
  }
  const { fields } = route.handler.response;
  exchange.route = route;
  exchange.response = {
    ...defaultStruct(fields),
    ...(fields.errorCode && { errorCode: errorCode.ILLEGAL_SASL_STATE }),
  };
  exchange.closeAfterAnswer('a request that does not fit the state of a login');
  return 'late';
}
