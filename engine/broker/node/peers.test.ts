import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { apis } from '../../protocol/api-keys.ts';
import { encodeResponseFrame } from '../../protocol/frame.ts';
import { MemoryConnection } from '../api/testing/memory-connection.ts';
import { Peers } from './peers.ts';

function setUp() {
  const clock = new ManualClock();
  const dialled: { address: string; connection: MemoryConnection }[] = [];
  const addresses = new Map([[2, { host: 'b2', port: 9002 }]]);
  const peers = new Peers({
    clock,
    clientId: 'broker-1',
    addressOf: (id) => addresses.get(id),
    dialer: {
      dial(host, port) {
        const connection = new MemoryConnection(true);
        dialled.push({ address: `${host}:${port}`, connection });
        return connection;
      },
    },
  });
  const ask = (lane: 'raft' | 'control' = 'control') =>
    peers.request(2, apis.vote, 0, { clusterId: null, topics: [] }, { lane, timeoutMs: 100 });
  return { clock, dialled, addresses, peers, ask };
}

function answer(connection: MemoryConnection | undefined, index: number, code: number): void {
  const correlationId = connection?.sent[index]?.readInt32BE(4) ?? -1;
  const body = { errorCode: code, topics: [] };
  connection?.onFrame(Buffer.concat(encodeResponseFrame(apis.vote.response, 0, correlationId, body)).subarray(4));
}

describe('Peers', () => {
  it('pipelines requests of a lane over one connection and keeps lanes apart', async () => {
    const { dialled, ask } = setUp();
    const [first, second, other] = [ask(), ask(), ask('raft')];
    expect(dialled.map(({ address }) => address)).toEqual(['b2:9002', 'b2:9002']);
    answer(dialled[1]?.connection, 0, 3);
    answer(dialled[0]?.connection, 0, 1);
    answer(dialled[0]?.connection, 1, 2);
    expect([(await first).errorCode, (await second).errorCode, (await other).errorCode]).toEqual([1, 2, 3]);
  });

  it('fails everything on a broken connection and dials again for the next request', async () => {
    const { dialled, ask } = setUp();
    const failing = ask();
    dialled[0]?.connection.close('ECONNREFUSED');
    await expect(failing).rejects.toMatchObject({ code: 'PEER_UNREACHABLE', retriable: true });
    const next = ask();
    answer(dialled[1]?.connection, 0, 0);
    expect((await next).errorCode).toBe(0);
  });

  it('gives up a silent peer in time', async () => {
    const { clock, dialled, ask } = setUp();
    const waiting = ask();
    clock.advance(100);
    await expect(waiting).rejects.toMatchObject({ code: 'PEER_TIMEOUT' });
    expect(dialled[0]?.connection.closeReason).toBeDefined();
  });

  it('follows a broker that has moved, and knows when there is no address', async () => {
    const { addresses, dialled, peers, ask } = setUp();
    const first = ask();
    addresses.set(2, { host: 'b2', port: 9999 });
    const second = ask();
    await expect(first).rejects.toMatchObject({ code: 'PEER_UNREACHABLE' });
    answer(dialled[1]?.connection, 0, 0);
    expect((await second).errorCode).toBe(0);
    addresses.clear();
    await expect(ask()).rejects.toMatchObject({ details: { brokerId: 2 } });
    peers.close();
    await expect(ask()).rejects.toMatchObject({ code: 'PEER_UNREACHABLE' });
  });
});
