import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { MillraceError } from '../../../base/errors.ts';
import type { TurnedAway } from '../turned-away.ts';
import type { Door } from './door.ts';

const listenBacklog = 1_024;

/**
 * Listens at a door; resolves with its port.
 * @throws MillraceError `PORT_IN_USE` or `LISTEN_FAILED`
 */
export function listenAt(
  { host, port }: Pick<Door, 'host' | 'port'>,
  onSocket: (socket: Socket) => void,
  turnedAway: TurnedAway,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ noDelay: true, keepAlive: true }, onSocket);
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(listenError(host, port, cause));
    server.once('error', failed);
    server.listen({ host, port, backlog: listenBacklog }, () => {
      server.off('error', failed);
      // One connection that could not be accepted is no reason to end.
      server.on('error', (error: NodeJS.ErrnoException) =>
        turnedAway.note('it could not be accepted', { reason: error.code ?? error.message }),
      );
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): MillraceError {
  if (cause.code === 'EADDRINUSE')
    return new MillraceError('PORT_IN_USE', `expected port ${port} of ${host} to be free, found it in use`, {
      cause,
      details: { host, port },
    });
  return new MillraceError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${cause.code ?? cause.message}`, {
    cause,
    details: { host, port },
  });
}
