import { WebSocket } from 'ws';
import type { Dialer, FrameConnection } from '../../../base/net.ts';
import { FramedConnection } from './framed-connection.ts';
import type { PeerTls } from './tls/peer-tls.ts';
import { WebSocketStream } from './web-socket-stream.ts';

const connectWaitMsMax = 3_000;

export interface NodeDialerOptions {
  readonly clusterKey: string;
  readonly frameBytesMax: number;
  readonly sendBufferBytesMax: number;
  /** How TLS is spoken to the others, as it is at the time; undefined where brokers do without. */
  readonly tls?: (() => PeerTls) | undefined;
}

/**
 * Opens connections to other brokers: WebSockets to `/peer`, with the cluster's key. Over TLS where their listener has it: the key then
 * is shown to nobody but a broker whose certificate is trusted.
 */
export class NodeDialer implements Dialer {
  readonly #options: NodeDialerOptions;

  constructor(options: NodeDialerOptions) {
    this.#options = options;
  }

  dial(host: string, port: number): FrameConnection {
    const { clusterKey, frameBytesMax, sendBufferBytesMax, tls } = this.#options;
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const webSocket = new WebSocket(`${tls ? 'wss' : 'ws'}://${address}/peer`, {
      ...tls?.(),
      perMessageDeflate: false,
      handshakeTimeout: connectWaitMsMax,
      maxPayload: frameBytesMax + 4,
      headers: { authorization: `Bearer ${clusterKey}` },
    });
    const stream = new WebSocketStream(webSocket, address);
    return new FramedConnection(stream, { isPeer: true, frameBytesMax, sendBufferBytesMax });
  }
}
