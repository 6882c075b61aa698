import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { millrace, startMillrace } from '../kit/millrace.ts';
import { until } from '../kit/until.ts';

/** What a command has to complain about: which cluster it talks to is no complaint. */
function problems(said: string): string {
  return said.replaceAll(/^(using .*|\{"using":.*)\n/gm, '');
}

describe('cases of the commands', () => {
  let cluster: BundledCluster;
  let at: readonly string[] = [];
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    at = ['--cluster', cluster.bootstrap];
  });
  afterAll(() => cluster.stop());

  async function create(topic: string, partitions = 1): Promise<void> {
    const { code, error } = await millrace(['topic', 'create', topic, '-p', String(partitions), ...at]);
    expect([code, problems(error)]).toEqual([0, '']);
  }

  /** Sends an input to the end of it. */
  async function send(topic: string, input: Buffer | string, ...args: string[]) {
    const sending = startMillrace(['send', topic, ...args, ...at], {}, 'pipe');
    sending.child.stdin?.end(input);
    return { code: await sending.exit, error: problems(sending.error()), out: sending.out() };
  }

  const receiveAll = async (topic: string, ...args: string[]) =>
    (await millrace(['receive', topic, '--from', 'earliest', '--until-end', ...args, ...at])).out;

  it('71: what a pipe has brought is on the topic while the pipe stays open', async () => {
    await create('piped');
    const sending = startMillrace(['send', 'piped', ...at], {}, 'pipe');
    sending.child.stdin?.write('first\nsec');
    expect((await millrace(['receive', 'piped', '--from', 'earliest', '-n', '1', ...at])).out).toBe('first\n');
    sending.child.stdin?.end('ond\n');
    expect(await sending.exit).toBe(0);
    expect(sending.out()).toBe('sent 2 records to piped\n');
    expect(await receiveAll('piped')).toBe('first\nsecond\n');
  });

  it('72: records that were received can be sent again, to the byte, with headers, time and partition', async () => {
    await create('origin', 3);
    await create('copy', 3);
    const lines = [
      '{"topic":"origin","partition":2,"offset":0,"timestamp":1500000000123,"key":"k","value":{"n": 9007199254740993, "n":1.10},"headers":[["h","1"],["h","2"],["raw",{"base64":"/wA="}],["none",null]]}',
      '{"topic":"origin","partition":0,"offset":0,"timestamp":1500000000124,"key":null,"value":null,"headers":[]}',
      '{"topic":"origin","partition":0,"offset":1,"timestamp":1500000000125,"key":"","value":"","headers":[]}',
      '{"topic":"origin","partition":1,"offset":0,"timestamp":1500000000126,"keyBase64":"gA==","valueBase64":"//4=","headers":[]}',
      '{"topic":"origin","partition":1,"offset":1,"timestamp":1500000000127,"key":1e3,"value":"\\"quoted\\"","headers":[]}',
      '{"topic":"origin","partition":1,"offset":2,"timestamp":1500000000128,"key":"null","value":"null","headers":[]}',
    ];
    expect(await send('origin', `${lines.join('\n')}\n`, '--records')).toMatchObject({ code: 0, error: '' });
    const received = await receiveAll('origin', '--json');
    expect(received.trimEnd().split('\n').sort()).toEqual([...lines].sort());
    expect((await send('copy', received, '--records')).code).toBe(0);
    const copied = (await receiveAll('copy', '--json')).replaceAll('"topic":"copy"', '"topic":"origin"');
    expect(copied.split('\n').sort()).toEqual(received.split('\n').sort());
  });

  it('72: a field that nobody knows is refused, not dropped', async () => {
    await create('strict');
    const { code, error } = await send('strict', '{"value":1}\n{"value":2,"time":3}\n', '--records');
    expect(code).toBe(2);
    expect(error).toMatch(/line 2: .*found "time"/);
  });

  it('stops at what was the end at the start, however much comes meanwhile', async () => {
    await create('busy');
    const lines = (count: number) =>
      `${'a line of text that fills the buffers between'.padEnd(100, '.')}\n`.repeat(count);
    await send('busy', lines(30_000));
    const receiving = startMillrace(['receive', 'busy', '--from', 'earliest', '--until-end', ...at]);
    await new Promise<void>((resolve) => receiving.child.stdout?.once('data', () => resolve()));
    // Its reader rests: it is far from the end while more is sent.
    receiving.child.stdout?.pause();
    await send('busy', lines(1_000));
    receiving.child.stdout?.resume();
    expect(await receiving.exit).toBe(0);
    expect(receiving.out()).toHaveLength(30_000 * 101);
  });

  it('73: input may begin with a byte order mark', async () => {
    await create('marked');
    expect((await send('marked', '\ufeff{"key":"a","value":1}\r\n', '--records')).code).toBe(0);
    expect(JSON.parse(await receiveAll('marked', '--json'))).toMatchObject({ key: 'a', value: 1 });
    const latin1 = await send('marked', Buffer.from('{"value":"\xe9"}\n', 'latin1'), '--records');
    expect(latin1).toMatchObject({ code: 2, error: expect.stringContaining('line 1') });
  });

  it('12: headers of one name are all sent, in their order', async () => {
    await create('named');
    const sent = await millrace(['send', 'named', 'v', '-H', 'x=1', '-H', 'y=', '-H', 'x=2', '-b', cluster.bootstrap]);
    expect([sent.code, problems(sent.error)]).toEqual([0, '']);
    expect(JSON.parse(await receiveAll('named', '--json')).headers).toEqual([
      ['x', '1'],
      ['y', ''],
      ['x', '2'],
    ]);
  });

  it('prints the bytes of a record as they are, and sends the bytes of a line as they are', async () => {
    await create('bytes');
    const bytes = Buffer.from([0x61, 0xe9, 0x00, 0x09, 0x62, 0x0a]);
    expect((await send('bytes', bytes)).code).toBe(0);
    const receiving = startMillrace(['receive', 'bytes', '--from', 'earliest', '--until-end', ...at]);
    const chunks: Buffer[] = [];
    receiving.child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    expect(await receiving.exit).toBe(0);
    expect(Buffer.concat(chunks)).toEqual(bytes);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a receive that %s ends has the exit code %i', async (signal, code) => {
    await create(`ended-${code}`);
    await send(`ended-${code}`, 'one\n');
    const receiving = startMillrace(['receive', `ended-${code}`, '--from', 'earliest', ...at]);
    await until('the first record', () => receiving.out() === 'one\n');
    receiving.child.kill(signal);
    expect(await receiving.exit).toBe(code);
  });
});
