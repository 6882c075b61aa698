import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Who may use the HTTP side of the port. */
export interface GuardOptions {
  /** Lower case. */
  readonly listenHosts: readonly string[];
  /** Further names that may stand in the Host header, lower case without a port. */
  readonly allowedHosts: readonly string[];
  /** Origins of pages that may connect, as browsers send them. */
  readonly allowedOrigins: readonly string[];
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const wildcards = new Set(['0.0.0.0', '::', '']);

/**
 * Keeps browser pages away: a page must name an allowed Origin, a request by another site is refused, and the Host must be
 * a name of this broker, so that a foreign name that resolves to loopback (DNS rebinding) is refused too. Programs send no
 * Origin and pass.
 */
export function refusePage(headers: IncomingHttpHeaders, options: GuardOptions): Refusal | undefined {
  const { origin, host } = headers;
  if (origin !== undefined && !options.allowedOrigins.includes(origin))
    return { status: 403, reason: `origin ${origin} is not allowed` };
  const site = headers['sec-fetch-site'];
  if (origin === undefined && (site === 'cross-site' || site === 'same-site'))
    return { status: 403, reason: 'requests of other sites are not allowed' };
  if (!isOwnHost(host ?? '', options)) return { status: 403, reason: `host ${host ?? '(none)'} is not this broker` };
  return undefined;
}

/** The peer path needs `Authorization: Bearer <cluster key>`. */
export function refusePeer(headers: IncomingHttpHeaders, clusterKey: string): Refusal | undefined {
  const given = headers.authorization ?? '';
  if (given.startsWith('Bearer ') && equalSecrets(given.slice('Bearer '.length), clusterKey)) return undefined;
  return { status: 401, reason: 'the cluster key is missing or wrong' };
}

/** Compares in a time that tells nothing: digests have one length whatever was given. */
function equalSecrets(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function isOwnHost(hostHeader: string, { listenHosts, allowedHosts }: GuardOptions): boolean {
  const name = hostHeader.replace(/:\d+$/, '').toLowerCase();
  if (loopbackNames.has(name) || listenHosts.includes(name) || allowedHosts.includes(name)) return true;
  // Listening everywhere, every address of the machine is ours; rebinding needs a name.
  return listenHosts.some((host) => wildcards.has(host)) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}
