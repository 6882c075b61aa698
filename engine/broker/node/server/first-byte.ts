import type { Socket } from 'node:net';

/** What a connection speaks, told by its first byte. */
export type WireProtocol = 'http' | 'tls' | 'kafka';

/** What the methods of HTTP begin with: CONNECT, DELETE, GET, HEAD, OPTIONS, POST and PUT and PATCH, TRACE. */
const httpFirstBytes: ReadonlySet<number> = new Set(Buffer.from('CDGHOPT'));
const tlsHandshake = 0x16;

/**
 * As the first byte of a Kafka frame size a letter would mean more than 1 GiB, which `socket.request.max.bytes` does not
 * allow; 0x16 begins a TLS handshake, and would mean 369 MB.
 */
export function protocolOf(firstByte: number): WireProtocol {
  if (httpFirstBytes.has(firstByte)) return 'http';
  if (firstByte === tlsHandshake) return 'tls';
  return 'kafka';
}

/** Waits for the first bytes of a socket, puts them back and tells what they begin. Never calls back for a silent socket. */
export function sniffProtocol(socket: Socket, onProtocol: (protocol: WireProtocol) => void): void {
  const onReadable = (): void => {
    const head: Buffer | null = socket.read();
    if (head === null || head.length === 0) return;
    socket.removeListener('readable', onReadable);
    socket.unshift(head);
    onProtocol(protocolOf(head[0] as number));
  };
  socket.on('readable', onReadable);
}
