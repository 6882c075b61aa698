import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';

/** What a listener asks of tokens (`sasl.oauthbearer.*`). */
export interface TokenRules {
  /** The keys with an id; those of any id where a token names none. Empty: there are none, or not yet. */
  readonly keyOf: (keyId: string | undefined, algorithm: string) => readonly KeyObject[];
  readonly nowMs: () => number;
  /** A token must be for one of these; empty: for anybody. */
  readonly audiences: readonly string[];
  readonly issuer: string | undefined;
  readonly scopeClaim: string;
  readonly subClaim: string;
  readonly clockSkewMs: number;
}

/** What a token says, when it holds. */
export interface TokenClaims {
  readonly userName: string;
  readonly expiresAtMs: number;
}

/** Signatures of JWT (RFC 7518) that are checked; `none` and those with a shared secret are not among them. */
const algorithms: ReadonlyMap<string, { readonly hash: string; readonly keyType: string; readonly curve?: string }> =
  new Map([
    ['RS256', { hash: 'sha256', keyType: 'rsa' }],
    ['RS384', { hash: 'sha384', keyType: 'rsa' }],
    ['RS512', { hash: 'sha512', keyType: 'rsa' }],
    ['PS256', { hash: 'sha256', keyType: 'rsa' }],
    ['PS384', { hash: 'sha384', keyType: 'rsa' }],
    ['PS512', { hash: 'sha512', keyType: 'rsa' }],
    ['ES256', { hash: 'sha256', keyType: 'ec', curve: 'prime256v1' }],
    ['ES384', { hash: 'sha384', keyType: 'ec', curve: 'secp384r1' }],
    ['ES512', { hash: 'sha512', keyType: 'ec', curve: 'secp521r1' }],
  ]);
const tokenForm = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
const pssPadding = 6;

/**
 * Checks a token (RFC 7519) as Kafka's BrokerJwtValidator does: the signature by the key that it names, then that it has not expired, is
 * for this cluster and of the issuer, and names a user.
 * @returns the reason of a refusal for the log; clients are told none
 */
export function checkToken(token: string, rules: TokenRules): Result<TokenClaims, string> {
  const [, head = '', body = '', signature = ''] = tokenForm.exec(token) ?? [];
  const header = objectIn(head);
  const claims = objectIn(body);
  if (!header || !claims) return refused('it is no signed JWT');
  if (header.crit !== undefined) return refused('its header asks for what is not known here');
  const signed = Buffer.from(`${head}.${body}`);
  if (!isSigned(header, signed, Buffer.from(signature, 'base64url'), rules))
    return refused('no known key has signed it');
  return checkClaims(claims, rules);
}

type Fields = Readonly<Record<string, unknown>>;

function objectIn(part: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function isSigned({ alg, kid }: Fields, signed: Buffer, signature: Buffer, { keyOf }: TokenRules): boolean {
  const algorithm = typeof alg === 'string' ? algorithms.get(alg) : undefined;
  if (!algorithm || (kid !== undefined && typeof kid !== 'string')) return false;
  return keyOf(kid, String(alg)).some((key) => {
    if (key.asymmetricKeyType !== algorithm.keyType) return false;
    if (algorithm.curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== algorithm.curve) return false;
    const padding = String(alg).startsWith('PS') ? { padding: pssPadding, saltLength: -1 } : {};
    return verify(algorithm.hash, signed, { key, dsaEncoding: 'ieee-p1363', ...padding }, signature);
  });
}

function checkClaims(claims: Fields, rules: TokenRules): Result<TokenClaims, string> {
  const { audiences, issuer, clockSkewMs, subClaim, scopeClaim } = rules;
  const nowMs = rules.nowMs();
  const [expires, issued, notBefore] = [claims.exp, claims.iat, claims.nbf].map((seconds) =>
    typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  );
  if (expires === undefined || issued === undefined)
    return refused('it does not say when it was issued and when it expires');
  if (nowMs - clockSkewMs >= expires) return refused('it has expired');
  if (notBefore !== undefined && nowMs + clockSkewMs < notBefore) return refused('it does not hold yet');
  if (expires < issued) return refused('it expires before it was issued');
  if (issuer !== undefined && claims.iss !== issuer) return refused('it is of another issuer');
  const found = [claims.aud].flat();
  if (audiences.length > 0 && !found.some((each) => typeof each === 'string' && audiences.includes(each)))
    return refused('it is for somebody else');
  const userName = claims[subClaim];
  if (typeof userName !== 'string' || userName.trim() === '') return refused(`its claim ${subClaim} names nobody`);
  if (!isScope(claims[scopeClaim])) return refused(`its claim ${scopeClaim} is no list of words`);
  return ok({ userName: userName.trim(), expiresAtMs: expires });
}

/** A scope may be left out; where it is there it is a text or a list of texts. */
function isScope(scope: unknown): boolean {
  return scope === undefined || [scope].flat().every((word) => typeof word === 'string' && word.trim() !== '');
}
