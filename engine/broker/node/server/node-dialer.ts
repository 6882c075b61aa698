import { WebSocket } from 'ws';
import type { Dialer, FrameConnection } from '../../../base/net.ts';
import { FramedConnection } from './framed-connection.ts';
import { WebSocketStream } from './web-socket-stream.ts';

const connectWaitMsMax = 3_000;

export interface NodeDialerOptions {
  readonly clusterKey: string;
  readonly frameBytesMax: number;
  readonly sendBufferBytesMax: number;
}

/** Opens connections to other brokers: WebSockets to `/peer`, with the cluster's key. */
export class NodeDialer implements Dialer {
  readonly #options: NodeDialerOptions;

  constructor(options: NodeDialerOptions) {
    this.#options = options;
  }

  dial(host: string, port: number): FrameConnection {
    const { clusterKey, frameBytesMax, sendBufferBytesMax } = this.#options;
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const webSocket = new WebSocket(`ws://${address}/peer`, {
      perMessageDeflate: false,
      handshakeTimeout: connectWaitMsMax,
      maxPayload: frameBytesMax + 4,
      headers: { authorization: `Bearer ${clusterKey}` },
    });
    const stream = new WebSocketStream(webSocket, address);
    return new FramedConnection(stream, { isPeer: true, frameBytesMax, sendBufferBytesMax });
  }
}
