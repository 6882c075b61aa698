import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MillraceError } from '../../../base/errors.ts';
import type { ControlReply } from './control-server.ts';
import { ControlServer } from './control-server.ts';

const clusterKey = 'the-key-of-the-cluster';
let server: ControlServer;
let port = 0;
let restarts: boolean[] = [];
let removed: number[] = [];

beforeEach(async () => {
  restarts = [];
  removed = [];
  server = new ControlServer(clusterKey, {
    restart: async (isRolling, note) => {
      restarts.push(isRolling);
      note('one');
      if (!isRolling) throw new MillraceError('RESTART_RUNNING', 'another one is on its way');
    },
    add: async (note) => {
      note('on its way');
      return 7;
    },
    remove: async (brokerId) => {
      removed.push(brokerId);
    },
  });
  port = await server.listen();
});
afterEach(() => server.close());

/** All that is answered to a text; nothing where the connection is closed without a word. */
async function ask(text: string): Promise<ControlReply[]> {
  const socket = connect({ host: '127.0.0.1', port });
  let said = '';
  socket.on('data', (chunk) => {
    said += String(chunk);
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return said.split('\n').flatMap((line) => (line ? [JSON.parse(line) as ControlReply] : []));
}

const request = (fields: object) =>
  `${JSON.stringify({ clusterKey, command: 'restart', isRolling: true, ...fields })}\n`;

it('does what somebody with the key asks, and tells how it goes', async () => {
  expect(await ask(request({}))).toEqual([{ type: 'note', text: 'one' }, { type: 'done' }]);
  expect(await ask(request({ isRolling: false }))).toEqual([
    { type: 'note', text: 'one' },
    { type: 'failed', code: 'RESTART_RUNNING', message: 'another one is on its way' },
  ]);
  expect(restarts).toEqual([true, false]);
});

it('does nothing for anybody else', async () => {
  expect(await ask(request({ clusterKey: 'a guess' }))).toMatchObject([{ code: 'CONTROL_REFUSED' }]);
  expect(await ask(request({ clusterKey: undefined }))).toMatchObject([{ code: 'CONTROL_REQUEST_INVALID' }]);
  expect(await ask('GET / HTTP/1.1\r\n\r\n')).toMatchObject([{ code: 'CONTROL_REQUEST_INVALID' }]);
  expect(await ask('null\n')).toMatchObject([{ code: 'CONTROL_REQUEST_INVALID' }]);
  expect(await ask('x'.repeat(10_000))).toEqual([]);
  expect(restarts).toEqual([]);
});

it('adds a broker, and says which it is', async () => {
  expect(await ask(request({ command: 'add' }))).toEqual([
    { type: 'note', text: 'on its way' },
    { type: 'done', brokerId: 7 },
  ]);
});

it('removes the broker that is named, and none that is not', async () => {
  expect(await ask(request({ command: 'remove', brokerId: 2 }))).toEqual([{ type: 'done' }]);
  const [refusal] = await ask(request({ command: 'remove', brokerId: 'all' }));
  expect(refusal).toMatchObject({ type: 'failed', code: 'CONTROL_REQUEST_INVALID' });
  expect(removed).toEqual([2]);
});
