import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { MillraceError } from '../../../base/errors.ts';

/** `count` different ports of `host` that are free now: those of `preferred` first, in their order, then any. */
export async function pickFreePorts(
  host: string,
  count: number,
  preferred: readonly number[] = [],
): Promise<readonly number[]> {
  const servers: Server[] = [];
  try {
    const ports: number[] = [];
    // All stay open until the last is known, so that none is picked twice.
    for (const wanted of [...preferred, ...new Array<number>(count).fill(0)]) {
      if (ports.length === count) break;
      const server = createServer();
      servers.push(server);
      server.listen({ host, port: wanted });
      try {
        await once(server, 'listening');
      } catch (error) {
        if (wanted === 0) throw error;
        continue;
      }
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
