import type { RawData, WebSocket } from 'ws';
import type { Log } from '../../base/log.ts';
import type { RpcAnswer } from '../../rpc/answer-request.ts';
import { refusal, rpcCodes } from '../../rpc/answer-request.ts';
import type { StudioHandlers } from '../contract.ts';
import { StudioSession } from '../session.ts';
import { answerText } from './answer-text.ts';

/** Calls of one window that may be under way at once; more are answered with TOO_MANY_CALLS. */
const callsMax = 64;
/** Bytes that wait for a window; above it events are left out, so that a stuck window costs bounded memory. */
const waitingEventBytesMax = 8 * 1024 * 1024;
/** Above this even answers do not get through: the socket is cut, and the window connects anew. */
const waitingBytesMax = 96 * 1024 * 1024;

/** Serves the contract to one window until its socket closes. */
export function serveWindow(socket: WebSocket, handlers: StudioHandlers<StudioSession>, log: Log): StudioSession {
  const send = (message: unknown) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > waitingBytesMax) socket.terminate();
    else socket.send(JSON.stringify(message));
  };
  const session = new StudioSession((method, params) => {
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount > waitingEventBytesMax) return false;
    send({ jsonrpc: '2.0', method, params });
    return true;
  });
  let calls = 0;
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return socket.close(1003, 'expected text frames');
    if (calls >= callsMax) return send(tooMany(data));
    calls++;
    void answerText(data.toString(), handlers, session, log).then((answer) => {
      calls--;
      send(answer);
    });
  });
  socket.on('error', (error) => log.debug('a window’s socket failed', { error: error.message }));
  socket.on('close', () => void session.close());
  return session;
}

function tooMany(data: RawData): RpcAnswer {
  const id = /"id":(\d+)/.exec(data.toString().slice(0, 200))?.[1];
  const message = `expected at most ${callsMax} calls at once from a window`;
  const error = { code: 'TOO_MANY_CALLS', message, retriable: true, details: {} };
  return refusal(id === undefined ? null : Number(id), rpcCodes.failed, error);
}
