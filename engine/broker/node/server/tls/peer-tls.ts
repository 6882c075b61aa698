import type { SecureContext } from 'node:tls';
import type { ListenerSettings } from '../../config/listener-settings.ts';
import { contextOptions } from './tls-endpoint.ts';
import type { TlsIdentity } from './tls-store.ts';

/** Options of a TLS connection to another broker. */
export interface PeerTls {
  readonly secureContext: SecureContext;
  readonly checkServerIdentity?: () => undefined;
}

/** How this broker speaks TLS to the others: it shows its own certificate, as they do, and trusts whom its listener trusts. */
export function peerTls(settings: ListenerSettings, identity: TlsIdentity): PeerTls {
  const secureContext = process.getBuiltinModule('node:tls').createSecureContext(contextOptions(identity, false));
  const checksName = settings.text('ssl.endpoint.identification.algorithm') === 'https';
  return { secureContext, ...(!checksName && { checkServerIdentity: () => undefined }) };
}
