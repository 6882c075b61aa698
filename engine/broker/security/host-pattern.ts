import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import { ipBytes } from './ip-bytes.ts';

/** Whether a client's address is meant. */
export type HostPattern = (host: string) => boolean;

const everywhere: HostPattern = () => true;
const nowhere: HostPattern = () => false;

/**
 * Who a rule's host means: `*` everybody, a network (`10.0.0.0/8`, IPv6 too) all addresses in it, anything else the address that is
 * written so. Names mean nobody: no name server is asked.
 */
export function hostPattern(text: string): HostPattern {
  if (text === '*') return everywhere;
  const network = text.includes('/') ? networkOf(text) : undefined;
  if (!network) return (host) => host === text;
  return network.ok ? network.value : nowhere;
}

/** What is wrong with a rule's host, in Kafka's words; undefined: nothing. */
export function hostFault(text: string): string | undefined {
  if (text === '') return 'Host pattern cannot be null or empty';
  const network = text.includes('/') ? networkOf(text) : undefined;
  return network && !network.ok ? `Invalid CIDR notation '${text}': ${network.error}` : undefined;
}

function networkOf(text: string): Result<HostPattern, string> {
  const at = text.indexOf('/');
  const network = ipBytes(text.slice(0, at));
  const lengthText = text.slice(at + 1);
  if (!network || !/^\d{1,9}$/.test(lengthText)) return refused(`Could not parse [${text}]`);
  const length = Number(lengthText);
  const bits = network.length * 8;
  if (length > bits) return refused(`Value [${length}] not in range [0,${bits}]`);
  return ok((host) => {
    const address = ipBytes(host);
    return address?.length === network.length && isWithin(address, network, length);
  });
}

function isWithin(address: readonly number[], network: readonly number[], bits: number): boolean {
  for (let at = 0, left = bits; left > 0; at++, left -= 8) {
    const mask = left >= 8 ? 0xff : 0xff & (0xff << (8 - left));
    if (((address[at] ?? 0) & mask) !== ((network[at] ?? 0) & mask)) return false;
  }
  return true;
}
