import type { TokenRules } from './oauth-token.ts';
import { checkToken } from './oauth-token.ts';
import type { SaslExchange, SaslOutcome } from './sasl-mechanism.ts';
import { invalidCredentials } from './sasl-mechanism.ts';

/** `n,a=user,` stands before the first separator (RFC 7628). */
const headerForm = /^n,(?:a=((?:[^=,]|=2C|=3D)*))?,$/;
const pairForm = /^[A-Za-z]+=[ -~\t\r\n]*$/;
const bearerForm = /^auth=[Bb]earer +([-A-Za-z0-9._~+/]+=*)$/;
const separator = '\u0001';
const invalidToken = JSON.stringify({ status: 'invalid_token' });

/** The broker's side of OAUTHBEARER (KIP-255): a token that somebody else has issued says who the client is. */
export class OauthExchange implements SaslExchange {
  readonly #rules: TokenRules;
  #isRefused = false;

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  next(token: Buffer): SaslOutcome {
    // The client has taken note of the refusal with a byte of its own.
    if (this.#isRefused) return { kind: 'refused', message: invalidToken };
    const { authorizationId = '', bearer } = bearerIn(token.toString('utf8'));
    if (bearer === undefined) return { kind: 'refused', message: invalidCredentials('OAUTHBEARER') };
    const checked = checkToken(bearer, this.#rules);
    if (!checked.ok) {
      this.#isRefused = true;
      return { kind: 'goes on', answer: Buffer.from(invalidToken) };
    }
    const { userName, expiresAtMs } = checked.value;
    if (authorizationId !== '' && authorizationId !== userName)
      return { kind: 'refused', message: otherPrincipal(authorizationId, userName) };
    const remainingMs = Math.max(0, expiresAtMs - this.#rules.nowMs());
    return { kind: 'proved', answer: Buffer.alloc(0), userName, remainingMs };
  }
}

function otherPrincipal(authorizationId: string, userName: string): string {
  return `Authentication failed: Client requested an authorization id (${authorizationId}) that is different from the token's principal name (${userName})`;
}

/** Undefined parts: it is no such response. */
function bearerIn(text: string): { readonly authorizationId?: string; readonly bearer?: string } {
  const [header = '', ...pairs] = text.split(separator);
  const isWhole = pairs.length >= 3 && pairs.pop() === '' && pairs.pop() === '';
  const match = headerForm.exec(header);
  const bearer = pairs.map((pair) => bearerForm.exec(pair)?.[1]).find((found) => found !== undefined);
  if (!isWhole || !match || bearer === undefined || !pairs.every((pair) => pairForm.test(pair))) return {};
  return { authorizationId: match[1] ?? '', bearer };
}
