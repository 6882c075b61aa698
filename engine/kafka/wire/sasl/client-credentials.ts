import type { Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import { WireFault } from '../../kafka-error.ts';

/** Where tokens come from: an OAuth 2 server that knows us as a client (RFC 6749 4.4, KIP-768). */
export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Empty: whatever the server gives. */
  readonly scope: string;
}

const answerWaitMsMax = 10_000;
const answerCharsMax = 256 * 1024;
/** A token is used for this part of its lifetime; without a lifetime it is asked for anew each time. */
const usedPart = 0.8;
const shownCharsMax = 300;

/**
 * Gives tokens for OAUTHBEARER, the same one for most of its lifetime. Rejects with KAFKA_TOKEN_FAILED (retriable) when the server
 * cannot be reached or fails, KAFKA_AUTHENTICATION_FAILED when it refuses us.
 */
export function clientCredentials(
  { tokenUrl, clientId, clientSecret, scope }: ClientCredentials,
  clock: Clock,
  fetch: typeof globalThis.fetch,
): () => Promise<string> {
  let known: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const login = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const headers = { authorization: `Basic ${login}`, accept: 'application/json' };
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.timeout(answerWaitMsMax);
      const answer = await fetch(tokenUrl, { method: 'POST', headers, body, signal, redirect: 'error' });
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause ? `: ${messageOf(error.cause)}` : '';
      const what = `the token server ${tokenUrl} did not answer: ${messageOf(error)}${cause}`;
      throw new WireFault('KAFKA_TOKEN_FAILED', what, { retriable: true, cause: error });
    }
    if (status !== 200) throw refusal(tokenUrl, status, text);
    const { token, lifetimeMs } = read(tokenUrl, text);
    known = lifetimeMs > 0 ? { token, until: clock.monotonic() + lifetimeMs * usedPart } : undefined;
    return token;
  }

  return () => {
    if (known && clock.monotonic() < known.until) return Promise.resolve(known.token);
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

function refusal(tokenUrl: string, status: number, text: string): WireFault {
  const said = `the token server ${tokenUrl} answered ${status}: ${text.slice(0, shownCharsMax)}`;
  const isOurs = status >= 400 && status < 500 && status !== 429;
  return isOurs
    ? new WireFault('KAFKA_AUTHENTICATION_FAILED', said)
    : new WireFault('KAFKA_TOKEN_FAILED', said, { retriable: true });
}

function read(tokenUrl: string, text: string): { readonly token: string; readonly lifetimeMs: number } {
  if (text.length <= answerCharsMax) {
    try {
      const { access_token: token, expires_in: seconds } = JSON.parse(text) as Record<string, unknown>;
      if (typeof token === 'string') return { token, lifetimeMs: Number(seconds ?? 0) * 1_000 || 0 };
    } catch {
      // Told below.
    }
  }
  const what = `the token server ${tokenUrl} answered without an access_token: ${text.slice(0, shownCharsMax)}`;
  throw new WireFault('KAFKA_AUTHENTICATION_FAILED', what);
}
