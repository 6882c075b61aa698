import { timingSafeEqual } from 'node:crypto';
import { studioTokenPrefix } from '../studio-protocol.ts';

/** Names under which a browser reaches a server on loopback. */
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether the Host header names this very server. A page of another site that has its own name resolve to 127.0.0.1 (DNS
 * rebinding) sends that name here, and is refused.
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackNames.some((name) => host === `${name}:${port}`);
}

/** Whether a page of this origin may talk to the studio: one that it served itself, or one of `others` (the desktop window, Vite). */
export function isOwnOrigin(origin: string | undefined, port: number, others: readonly string[]): boolean {
  if (origin === undefined) return false;
  return others.includes(origin) || loopbackNames.some((name) => origin === `http://${name}:${port}`);
}

/** Whether one of the offered WebSocket subprotocols carries the token. Takes the same time wherever a wrong one differs. */
export function offersToken(protocols: ReadonlySet<string>, token: string): boolean {
  const expected = Buffer.from(token);
  for (const protocol of protocols) {
    if (!protocol.startsWith(studioTokenPrefix)) continue;
    const given = Buffer.from(protocol.slice(studioTokenPrefix.length));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return true;
  }
  return false;
}
