import type { FrameConnection } from '../../../base/net.ts';

/** A client's address without its port; an IPv4 address as such, also on a socket for both kinds. */
export function hostOf({ remoteAddress }: FrameConnection): string {
  return remoteAddress.replace(/:\d+$/, '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** A client's address as Kafka shows it in descriptions of groups: a slash, then the address without its port. */
export function clientHost(connection: FrameConnection): string {
  return `/${hostOf(connection)}`;
}
