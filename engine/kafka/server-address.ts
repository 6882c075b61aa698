import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';

/** One broker's address. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const defaultPort = 9092;
const addressesMax = 100;

/** Reads `host:port` or `[ipv6]:port`; a missing port is 9092. The refusal says what is wrong with which address. */
export function parseServerAddress(text: string): Result<ServerAddress, string> {
  const match = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d+))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  if (!match || !host) return refused(`expected host:port, found "${text.trim()}"`);
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65_535) return refused(`expected a port from 1 to 65535 in "${text.trim()}"`);
  return ok({ host, port });
}

/** Reads a list of addresses separated by commas, as in Kafka's `bootstrap.servers`; 1 to 100 of them. */
export function parseServerList(text: string): Result<readonly ServerAddress[], string> {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  if (!parts.length) return refused('expected at least one host:port, found none');
  if (parts.length > addressesMax) return refused(`expected at most ${addressesMax} addresses, found ${parts.length}`);
  const addresses: ServerAddress[] = [];
  for (const part of parts) {
    const address = parseServerAddress(part);
    if (!address.ok) return address;
    addresses.push(address.value);
  }
  return ok(addresses);
}

/** `host:port`, with brackets around an IPv6 host. */
export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether the host is this machine: nobody on the way can read or change what is sent. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
