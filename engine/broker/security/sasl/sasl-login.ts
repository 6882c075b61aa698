import type { SaslExchange, SaslMechanism, SaslOutcome } from './sasl-mechanism.ts';
import { saslMechanismOf } from './sasl-mechanism.ts';

export interface SaslLoginOptions {
  /** Those that the listener offers. */
  readonly mechanisms: readonly SaslMechanism[];
  readonly exchangeFor: (mechanism: SaslMechanism) => SaslExchange;
  /** How long a login with a mechanism holds before the client has to prove itself again (KIP-368), in ms; 0: for ever. */
  readonly reauthenticationMsMax: (mechanism: SaslMechanism) => number;
}

/** What a request meets before it is read: go on; the connection closes; or it is answered with an error late, and then that. */
export type LoginVerdict = 'go on' | 'close' | 'wrong state';

/** A re-authentication that comes sooner after the one before is refused, as in Kafka. */
const reauthenticationPauseMs = 1_000;

/** Requests as far as a login tells them apart. */
export type RequestKind = 'versions' | 'handshake' | 'token' | 'other';

type State = 'new' | 'chosen' | 'logged in' | 'failed';

/** What a handshake of the client comes to. */
export type HandshakeOutcome = 'chosen' | 'unsupported mechanism' | 'wrong state';

/** What a token of the client comes to. */
export type TokenOutcome =
  | (Exclude<SaslOutcome, { kind: 'proved' }> & { readonly lifetimeMs?: undefined })
  | (Extract<SaslOutcome, { kind: 'proved' }> & { readonly lifetimeMs: number })
  | { readonly kind: 'wrong state' };

/**
 * How far one connection has come in proving who it is (KIP-43, KIP-152, KIP-368): ApiVersions at most once, a handshake that chooses
 * the mechanism, tokens until it is proved. Then anything, until the login has run out.
 */
export class SaslLogin {
  readonly #options: SaslLoginOptions;
  #state: State = 'new';
  #hasAskedVersions = false;
  #mechanism: SaslMechanism | undefined;
  #exchange: SaslExchange | undefined;
  /** Tokens come without a request around them: a client of SaslHandshake 0. */
  #isBare = false;
  #userName: string | undefined;
  #provedAtMs = 0;
  #expiresAtMs = Number.POSITIVE_INFINITY;
  #hasProvedAgain = false;

  constructor(options: SaslLoginOptions) {
    this.#options = options;
  }

  get mechanisms(): readonly SaslMechanism[] {
    return this.#options.mechanisms;
  }

  get isLoggedIn(): boolean {
    return this.#state === 'logged in';
  }

  /** The next frame is a token and nothing else. */
  get expectsBareToken(): boolean {
    return this.#isBare && this.#state === 'chosen';
  }

  /** What is answered late and then closed has been decided; nothing more is taken from the client. */
  get isFailed(): boolean {
    return this.#state === 'failed';
  }

  fail(): void {
    this.#state = 'failed';
  }

  /** Whether a request may be read. `hasAnswer`: ApiVersions of a version that is known. */
  admit(kind: RequestKind, hasAnswer: boolean, nowMs: number): LoginVerdict {
    switch (this.#state) {
      case 'new':
        return this.#admitNew(kind, hasAnswer);
      case 'chosen':
        return kind === 'token' && !this.#isBare ? 'go on' : 'wrong state';
      case 'logged in':
        return kind !== 'handshake' && nowMs > this.#expiresAtMs ? 'close' : 'go on';
      case 'failed':
        return 'close';
    }
  }

  #admitNew(kind: RequestKind, hasAnswer: boolean): LoginVerdict {
    if (kind === 'handshake') return 'go on';
    if (kind !== 'versions' || this.#hasAskedVersions) return 'close';
    this.#hasAskedVersions = hasAnswer;
    return 'go on';
  }

  /** Chooses a mechanism, for the first time or to prove again who is there. */
  handshake(name: string, version: number, nowMs: number): HandshakeOutcome {
    const isAgain = this.#state === 'logged in';
    if (isAgain && !this.#mayProveAgain(nowMs)) return 'wrong state';
    const mechanism = saslMechanismOf(name);
    if (!mechanism || !this.#options.mechanisms.includes(mechanism)) {
      this.fail();
      return 'unsupported mechanism';
    }
    this.#isBare = version === 0;
    // Another mechanism than before is let in here, and its token refused: as in Kafka.
    this.#exchange = isAgain && mechanism !== this.#mechanism ? undefined : this.#options.exchangeFor(mechanism);
    this.#mechanism = isAgain ? this.#mechanism : mechanism;
    this.#state = 'chosen';
    return 'chosen';
  }

  /** Takes a token. What proves who is there comes with how long that holds. */
  token(bytes: Buffer, nowMs: number): TokenOutcome {
    if (this.#state !== 'chosen') return { kind: 'wrong state' };
    const outcome = this.#exchange?.next(bytes) ?? this.#refusedMechanism();
    if (outcome.kind === 'goes on') return outcome;
    if (outcome.kind === 'refused') {
      this.fail();
      return outcome;
    }
    const { userName } = outcome;
    if (this.#userName !== undefined && userName !== this.#userName) {
      this.fail();
      const message = `Cannot change principals during re-authentication from User.${this.#userName}: User.${userName}`;
      return { kind: 'refused', message };
    }
    const limitMs = this.#reauthenticationMsMax || Number.POSITIVE_INFINITY;
    const lifetimeMs = Math.min(limitMs, outcome.remainingMs ?? Number.POSITIVE_INFINITY);
    this.#userName = userName;
    this.#state = 'logged in';
    this.#provedAtMs = nowMs;
    this.#expiresAtMs = nowMs + lifetimeMs;
    return { ...outcome, lifetimeMs: Number.isFinite(lifetimeMs) ? Math.floor(lifetimeMs) : 0 };
  }

  get #reauthenticationMsMax(): number {
    return this.#mechanism ? this.#options.reauthenticationMsMax(this.#mechanism) : 0;
  }

  #mayProveAgain(nowMs: number): boolean {
    if (this.#expiresAtMs === Number.POSITIVE_INFINITY) return false;
    // The first one may come at once.
    if (this.#hasProvedAgain && nowMs - this.#provedAtMs < reauthenticationPauseMs) return false;
    this.#hasProvedAgain = true;
    return true;
  }

  #refusedMechanism(): SaslOutcome {
    return {
      kind: 'refused',
      message: `Authentication failed during re-authentication due to invalid credentials with SASL mechanism ${this.#mechanism}`,
    };
  }
}
