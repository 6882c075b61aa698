import { WebSocket } from 'ws';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { contract } from '../../engine/studio/contract.ts';
import { StudioConnection } from '../../renderer/bridge/studio-connection.ts';
import { until } from './until.ts';

/** Where a test reaches a studio. */
export interface StudioPlace {
  readonly port: number;
  readonly token: string;
}

/** Connects as a window does, and waits until it is in. What the studio answers is held against its contract. */
export async function openWindow({ port, token }: StudioPlace): Promise<StudioConnection> {
  // A studio lets go of the channel to its parent, which here is the test runner's: without it this process might end in the middle.
  process.channel?.ref();
  const clock = new NodeClock();
  const connection = new StudioConnection({
    address: async () => ({ url: `ws://127.0.0.1:${port}/studio`, token }),
    open: (url, protocols) =>
      new WebSocket(url, protocols, { origin: `http://127.0.0.1:${port}` }) as unknown as globalThis.WebSocket,
    after: (delayMs, callback) => clock.after(delayMs, callback),
  });
  await until('the window is connected', () => connection.state === 'open');
  const ask = connection.call.bind(connection);
  connection.call = async (name, params) => {
    const answer = await ask(name, params);
    contract[name].answer.parse(answer);
    return answer;
  };
  return connection;
}
