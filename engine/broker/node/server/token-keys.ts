import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { ListenerSettings } from '../config/listener-settings.ts';

/** Largest set of keys that is read, and how many of them are kept. */
const keySetBytesMax = 1_048_576;
const keysMax = 1_000;
const answerWaitMsMax = 10_000;

interface SignatureKey {
  readonly id: string | undefined;
  readonly algorithm: string | undefined;
  readonly key: KeyObject;
}

export interface TokenKeySetOptions {
  /** `sasl.oauthbearer.jwks.endpoint.url` */
  readonly url: string;
  readonly refreshMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMsMax: number;
  readonly log: Log;
}

/**
 * The public keys that tokens are signed with, from a JSON Web Key Set (RFC 7517) in a file or behind a URL. They are read anew every
 * `refreshMs`, and when a token names a key that is not among them; what was read before holds as long as that fails.
 */
export class TokenKeySet {
  readonly #options: TokenKeySetOptions;
  #keys: readonly SignatureKey[] = [];
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #backoffMs: number;
  #isStopped = false;

  constructor(options: TokenKeySetOptions) {
    this.#options = options;
    this.#backoffMs = options.retryBackoffMs;
  }

  /** Resolves when the keys have been read for the first time, or cannot be read now. */
  start(): Promise<void> {
    return this.#read();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** The key with an id; all that fit the algorithm where a token names none. */
  keyOf(keyId: string | undefined, algorithm: string): readonly KeyObject[] {
    const found = this.#keys.filter(
      (each) =>
        (keyId === undefined || each.id === keyId) && (each.algorithm === undefined || each.algorithm === algorithm),
    );
    if (found.length === 0 && keyId !== undefined) this.#readSoon();
    return found.map(({ key }) => key);
  }

  /** Not for each token that somebody makes up. */
  #readSoon(): void {
    if (performance.now() - this.#readAtMs >= this.#backoffMs) void this.#read();
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { url, refreshMs, retryBackoffMs, retryBackoffMsMax, log } = this.#options;
    clearTimeout(this.#timer);
    let waitMs = refreshMs;
    try {
      this.#keys = keysIn(await textAt(url));
      this.#backoffMs = retryBackoffMs;
    } catch (error) {
      log.warn('could not read the keys of tokens; those read before hold', { url, reason: messageOf(error) });
      waitMs = Math.min(this.#backoffMs, refreshMs);
      this.#backoffMs = Math.min(this.#backoffMs * 2, retryBackoffMsMax);
    }
    this.#readAtMs = performance.now();
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#read(), waitMs).unref();
  }
}

async function textAt(url: string): Promise<string> {
  if (url.startsWith('file:')) return readFile(fileURLToPath(url), 'utf8');
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answerWaitMsMax) });
  if (!response.ok) throw new Error(`expected the keys, found HTTP status ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > keySetBytesMax) throw new Error(`expected at most ${keySetBytesMax} bytes of keys`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The keys for signatures; those of kinds that are not known here are left out. */
function keysIn(text: string): readonly SignatureKey[] {
  const { keys } = JSON.parse(text) as { readonly keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('expected a JSON Web Key Set with "keys", found none');
  return keys.slice(0, keysMax).flatMap((jwk: Record<string, unknown>): SignatureKey[] => {
    if ((jwk.kty !== 'RSA' && jwk.kty !== 'EC') || (jwk.use !== undefined && jwk.use !== 'sig')) return [];
    const text = (name: string) => (typeof jwk[name] === 'string' ? jwk[name] : undefined);
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return [{ id: text('kid'), algorithm: text('alg'), key }];
  });
}

/** The keys by which a listener checks tokens. */
export function tokenKeySetOf(settings: ListenerSettings, log: Log): TokenKeySet {
  const number = (name: string) => settings.number(`sasl.oauthbearer.jwks.endpoint.${name}`);
  return new TokenKeySet({
    url: settings.text('sasl.oauthbearer.jwks.endpoint.url'),
    refreshMs: number('refresh.ms'),
    retryBackoffMs: number('retry.backoff.ms'),
    retryBackoffMsMax: number('retry.backoff.max.ms'),
    log,
  });
}
