import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { subjectOf } from '../../../security/certificates/distinguished-name.ts';
import type { PrincipalMapping } from '../../../security/principal-mapping.ts';
import { mappedName, principalMappingIn } from '../../../security/principal-mapping.ts';
import type { ListenerSettings } from '../../config/listener-settings.ts';
import type { TlsIdentity } from './tls-store.ts';

/** A TLS handshake must be over within this time, however its bytes come. */
const handshakeWaitMsMax = 10_000;
/** `SSL_OP_NO_TICKET`: who shows a certificate does so in each handshake, so that trust that has ended ends. */
const noTicket = 0x4000;

export interface SecuredSocket {
  readonly socket: TLSSocket;
  /** The user that the client's certificate names; undefined where it has shown none. */
  readonly certifiedName: string | undefined;
}

type Outcome = (secured: SecuredSocket | undefined, why: string, detail?: string) => void;

/** Makes TLS connections of plain ones, as one listener wants them (`ssl.*`). The certificate can change while it serves. */
export class TlsEndpoint {
  readonly #server: Server;
  readonly #mapping: PrincipalMapping;
  readonly #asksClients: boolean;
  /** Handshakes under way, by the address of the client. */
  readonly #pending = new Map<string, Outcome>();

  constructor(settings: ListenerSettings, identity: TlsIdentity, waitMsMax = handshakeWaitMsMax) {
    const tls = process.getBuiltinModule('node:tls');
    const clientAuth = settings.text('ssl.client.auth');
    this.#asksClients = clientAuth !== 'none';
    this.#mapping = principalMappingIn(settings.text('ssl.principal.mapping.rules')) ?? [];
    this.#server = tls.createServer({
      ...contextOptions(identity, this.#asksClients),
      handshakeTimeout: waitMsMax,
      requestCert: this.#asksClients,
      rejectUnauthorized: clientAuth === 'required',
      noDelay: true,
    });
    this.#server.on('secureConnection', (socket) => this.#secured(socket));
    this.#server.on('tlsClientError', (error, socket) => this.#failed(socket, error));
  }

  /** From now on; connections that stand keep what they have. */
  setIdentity(identity: TlsIdentity): void {
    this.#server.setSecureContext(contextOptions(identity, this.#asksClients));
  }

  /** Shakes hands over a socket whose first byte says TLS; tells once how that ended. */
  secure(raw: Socket, done: Outcome): void {
    if (raw.destroyed) return done(undefined, 'a TLS handshake was broken off');
    const key = keyOf(raw);
    this.#pending.set(key, done);
    raw.once('close', () => this.#take(key)?.(undefined, 'a TLS handshake was broken off'));
    this.#server.emit('connection', raw);
  }

  #secured(socket: TLSSocket): void {
    const done = this.#take(keyOf(socket));
    if (!done) {
      socket.destroy();
      return;
    }
    const certificate = this.#asksClients ? socket.getPeerX509Certificate() : undefined;
    if (!certificate) return done({ socket, certifiedName: undefined }, '');
    const name = this.#nameOf(certificate, socket);
    if (name !== undefined) return done({ socket, certifiedName: name }, '');
    socket.destroy();
    done(undefined, 'a client certificate that is not trusted, or that no rule is about', subjectOf(certificate));
  }

  #nameOf(certificate: X509Certificate, socket: TLSSocket): string | undefined {
    return socket.authorized ? mappedName(subjectOf(certificate), this.#mapping) : undefined;
  }

  #failed(socket: TLSSocket, error: Error): void {
    this.#take(keyOf(socket))?.(undefined, 'a TLS handshake failed', error.message);
    socket.destroy();
  }

  #take(key: string): Outcome | undefined {
    const done = this.#pending.get(key);
    this.#pending.delete(key);
    return done;
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** What a secure context is made of. */
export function contextOptions({ privateKey, chain, authorities, versions }: TlsIdentity, asksClients: boolean) {
  return {
    key: privateKey,
    cert: chain.join('\n'),
    ...(authorities.length > 0 && { ca: [...authorities] }),
    minVersion: versions.includes('TLSv1.2') ? ('TLSv1.2' as const) : ('TLSv1.3' as const),
    maxVersion: versions.includes('TLSv1.3') ? ('TLSv1.3' as const) : ('TLSv1.2' as const),
    ...(asksClients && { secureOptions: noTicket }),
  };
}
