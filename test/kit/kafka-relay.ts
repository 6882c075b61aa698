import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { WebSocketServer } from 'ws';

/** A stand-in for the bundled cluster's WebSocket listener in front of any broker that speaks TCP. */
export interface KafkaRelay {
  /** Address of the relay for a broker: `ws://127.0.0.1:port/kafka?to=host:port`. */
  url(address: { host: string; port: number }): string;
  /** WebSockets that were opened so far. */
  readonly upgrades: number;
  /** Drops every connection at once, as a broker that dies would. */
  dropAll(): void;
  stop(): Promise<void>;
}

/** Starts a relay on a free loopback port: every WebSocket is piped, byte for byte, to the broker named in its URL. */
export async function startKafkaRelay(): Promise<KafkaRelay> {
  const server: Server = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
  const open = new Set<Socket>();
  let upgrades = 0;
  sockets.on('connection', (ws, request) => {
    upgrades++;
    const [host = '127.0.0.1', port] =
      new URL(request.url ?? '/', 'ws://relay').searchParams.get('to')?.split(':') ?? [];
    const broker = connect(Number(port), host);
    open.add(broker);
    broker.on('data', (chunk) => {
      broker.pause();
      ws.send(chunk, () => broker.resume());
    });
    broker.on('close', () => {
      open.delete(broker);
      ws.terminate();
    });
    broker.on('error', () => ws.terminate());
    ws.on('message', (data: Buffer) => {
      if (!broker.write(data)) {
        ws.pause();
        broker.once('drain', () => ws.resume());
      }
    });
    ws.on('close', () => broker.destroy());
    ws.on('error', () => broker.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (address) => `ws://127.0.0.1:${port}/kafka?to=${address.host}:${address.port}`,
    get upgrades() {
      return upgrades;
    },
    dropAll: () => {
      for (const socket of open) socket.destroy();
    },
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
