import { createHash, timingSafeEqual } from 'node:crypto';
import type { PlainUsers } from './plain-users.ts';
import type { SaslExchange, SaslOutcome } from './sasl-mechanism.ts';
import { otherAuthorizationId } from './sasl-mechanism.ts';

/** PLAIN (RFC 4616): authorization id, user name and password in one token. Fit for encrypted connections and loopback only. */
export class PlainExchange implements SaslExchange {
  readonly #users: PlainUsers;

  constructor(users: PlainUsers) {
    this.#users = users;
  }

  next(token: Buffer): SaslOutcome {
    const parts = token.toString('utf8').split('\0');
    if (parts.length !== 3) return refused(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
    const [authorizationId = '', userName = '', password = ''] = parts;
    if (userName === '') return refused('Authentication failed: username not specified');
    if (password === '') return refused('Authentication failed: password not specified');
    const known = this.#users.get(userName);
    if (known === undefined || !isSame(known, password))
      return refused('Authentication failed: Invalid username or password');
    if (authorizationId !== '' && authorizationId !== userName) return refused(otherAuthorizationId);
    return { kind: 'proved', answer: Buffer.alloc(0), userName };
  }
}

function refused(message: string): SaslOutcome {
  return { kind: 'refused', message };
}

/** In a time that does not tell where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
