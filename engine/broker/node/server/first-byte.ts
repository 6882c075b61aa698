import type { Socket } from 'node:net';

/** What a connection speaks, told by its first byte. */
export type WireProtocol = 'http' | 'tls' | 'kafka';

const letterG = 0x47;
const tlsHandshake = 0x16;

/** `G` begins `GET`, 0x16 a TLS handshake; as the first byte of a Kafka frame size either would mean more than 369 MB. */
export function protocolOf(firstByte: number): WireProtocol {
  if (firstByte === letterG) return 'http';
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
