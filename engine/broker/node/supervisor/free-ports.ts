import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { MillraceError } from '../../../base/errors.ts';

/** `count` different ports of `host` that are free now. */
export async function pickFreePorts(host: string, count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    const ports: number[] = [];
    // All stay open until the last is known, so that none is picked twice.
    for (const server of servers) {
      server.listen({ host, port: 0 });
      await once(server, 'listening');
      ports.push((server.address() as AddressInfo).port);
    }
    return ports;
  } finally {
    for (const server of servers) server.close();
  }
}

/** @throws MillraceError `PORT_IN_USE` with the first port that something else listens on. */
export async function checkPortsFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const server = createServer();
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (cause) {
      throw new MillraceError(
        'PORT_IN_USE',
        `expected port ${port} of ${host} to be free for a broker, found it in use`,
        { cause, details: { host, port } },
      );
    } finally {
      server.close();
    }
  }
}
