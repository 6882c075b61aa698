import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { checkPortsFree, pickFreePorts } from './free-ports.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A port that something else listens on, at this address or at every one. */
async function taken(address = host): Promise<number> {
  const server = createServer().listen(0, address);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it.each([host, '0.0.0.0'])(
  'passes over preferred ports that are taken at %s, and keeps the order of the rest',
  async (address) => {
    const [free, other] = await pickFreePorts(host, 2);
    const preferred = [await taken(address), free!, await taken(address), other!];
    expect(await pickFreePorts(host, 2, preferred)).toEqual([free, other]);
  },
);

it('takes any ports, each once, when all preferred ones are taken', async () => {
  const preferred = [await taken(), await taken(), await taken()];
  const ports = await pickFreePorts(host, 3, preferred);
  expect(new Set([...ports, ...preferred]).size).toBe(6);
  await checkPortsFree(host, ports);
});

it('names the first port that is in use', async () => {
  const [free] = await pickFreePorts(host, 1);
  const port = await taken();
  await expect(checkPortsFree(host, [free!, port])).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
});
