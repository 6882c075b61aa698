import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { until } from '../kit/until.ts';

const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;
const title = hasKcat
  ? 'kcat (librdkafka) against three brokers'
  : 'kcat against three brokers (skipped: no kcat on this machine)';

describe.skipIf(!hasKcat)(title, () => {
  let cluster: BundledCluster;

  beforeAll(async () => {
    cluster = await startBundledCluster(3);
  });
  afterAll(() => cluster.stop());

  function kcat(args: readonly string[], input = ''): string {
    const result = spawnSync('kcat', ['-b', cluster.bootstrap, ...args], { input, encoding: 'utf8', timeout: 30_000 });
    if (result.status !== 0)
      throw new Error(`kcat ${args.join(' ')} ended with ${result.status ?? result.signal}:\n${result.stderr}`);
    return result.stdout;
  }

  it('lists brokers and creates a topic by asking for it', () => {
    kcat(['-P', '-t', 'listed', '-X', 'acks=all'], 'first\n');
    const listing = kcat(['-L']);
    expect(listing.match(/^ {2}broker \d+ at 127\.0\.0\.1:\d+/gm)).toHaveLength(3);
    expect(listing).toMatch(/topic "listed" with 3 partitions/);
    expect(
      listing.match(/leader [123], replicas: [123],[123],[123], isrs: [123],[123],[123]/g)?.length,
    ).toBeGreaterThanOrEqual(3);
  });

  it('gives back every record of every codec, in order, with its key and headers', () => {
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const topic = `codec-${codec}`;
      const lines = Array.from({ length: 500 }, (_, index) => `key-${index}:value ${index} ${'x'.repeat(100)}`);
      kcat(
        ['-P', '-t', topic, '-p', '0', '-K', ':', '-z', codec, '-H', 'from=kcat', '-X', 'acks=all'],
        `${lines.join('\n')}\n`,
      );
      const read = kcat(['-C', '-t', topic, '-p', '0', '-o', 'beginning', '-e', '-q', '-f', '%k:%s|%h\n']);
      expect(read.trim().split('\n')).toEqual(lines.map((line) => `${line}|from=kcat`));
    }
  });

  it('finds offsets by time and the end of a partition', () => {
    kcat(['-P', '-t', 'by-time', '-p', '1', '-X', 'acks=all'], 'a\nb\nc\n');
    expect(kcat(['-Q', '-t', 'by-time:1:-1'])).toMatch(/by-time \[1\] offset 3/);
    expect(kcat(['-Q', '-t', 'by-time:1:1'])).toMatch(/by-time \[1\] offset 0/);
  });

  it('produces idempotently', () => {
    kcat(['-P', '-t', 'idempotent', '-p', '0', '-X', 'enable.idempotence=true'], 'once\ntwice\n');
    expect(kcat(['-C', '-t', 'idempotent', '-p', '0', '-e', '-q'])).toBe('once\ntwice\n');
  });

  it('shares a topic in a consumer group and goes on from its committed offsets', async () => {
    const produce = (from: number, to: number) =>
      kcat(
        ['-P', '-t', 'shared', '-X', 'acks=all'],
        Array.from({ length: to - from }, (_, index) => `m${from + index}\n`).join(''),
      );
    const consume = async (count: number): Promise<string[]> => {
      const child = spawn('kcat', [
        '-b',
        cluster.bootstrap,
        '-G',
        'group-1',
        '-q',
        '-u',
        '-X',
        'auto.offset.reset=earliest',
        'shared',
      ]);
      const lines: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
      try {
        await until(`the group has ${count} records`, () => lines.length >= count);
      } finally {
        const exit = once(child, 'exit');
        child.kill('SIGINT');
        await exit;
      }
      return lines.sort();
    };
    produce(0, 30);
    expect(await consume(30)).toEqual(Array.from({ length: 30 }, (_, index) => `m${index}`).sort());
    produce(30, 40);
    expect(await consume(10)).toEqual(Array.from({ length: 10 }, (_, index) => `m${30 + index}`).sort());
  });
});
