import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { KafkaTopicSource } from '../../engine/studio/topics/kafka-topic-source.ts';
import { readPage } from '../../engine/studio/topics/read-messages.ts';
import { previewBounds, shownMessage } from '../../engine/studio/topics/shown-message.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import type { Flow, FlowRecord, FlowResults } from '../kit/flows.ts';
import { runFlows } from '../kit/flows.ts';
import { testConnection } from '../kit/kafka-connections.ts';

const passOn = {
  key: 'receive.key',
  value: 'receive.value',
  headers: 'receive.headers',
  timestamp: 'receive.timestamp',
};

/** Values that come and go as the forms are set at first. */
const untouched: readonly (readonly [title: string, value: Buffer | null])[] = [
  ['03: an id of 64 bits', Buffer.from('{"id":73918264509182736,"max":9223372036854775807}')],
  ['05: money with more digits than a double has', Buffer.from('{"price":98765432109876543.21,"rate":2.50}')],
  ['06: a number beyond every double', Buffer.from('{"n":1e500,"z":-0,"e":2.5E3}')],
  ['07: a version that looks like a number', Buffer.from('2.10')],
  ['07: twenty digits alone', Buffer.from('98765432109876543210')],
  ['07: a text in quotes', Buffer.from('"17"')],
  ['07: the text null', Buffer.from('null')],
  ['09: an empty value', Buffer.from('')],
  ['09: a tombstone', null],
  ['73: a byte order mark', Buffer.from('\ufeff{"id":1}')],
  ['names in their order, one of them twice', Buffer.from('{"b":1,"2":2,"1":3,"b":4}')],
  ['escapes as they were written', Buffer.from('{"name":"Andr\\u00e9"}')],
  ['bytes that are no text', Buffer.from([0x63, 0x61, 0x66, 0xe9])],
  ['JSON with a byte that is no text', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ['six thousand lists inside each other', Buffer.from('['.repeat(6_000) + ']'.repeat(6_000))],
];

const pass: Flow = {
  records: untouched.map(([, value], index) => ({ key: Buffer.from(String(index)), value })),
  steps: { out: { input: passOn } },
};
const headers: FlowRecord['headers'] = [
  { key: 'x', value: Buffer.from('1') },
  { key: 'x', value: Buffer.from('2') },
  { key: 'trace', value: Buffer.from([0x80, 0xff, 0x00, 0x01]) },
  { key: 'none', value: null },
  { key: '__proto__', value: Buffer.from('p') },
];

describe('numbers, bytes and headers from a topic to a topic', () => {
  let cluster: BundledCluster;
  let results: FlowResults;
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    const folder = mkdtempSync(join(tmpdir(), 'millrace-numbers-'));
    writeFileSync(join(folder, 'orders.jsonl'), '{"id":73918264509182736,"price":98765432109876543.21}\n');
    const flows: Record<string, Flow> = {
      pass,
      file: {
        records: [],
        starter: { type: 'file.read-records', config: { path: 'orders.jsonl', format: 'json-lines' }, jobs: 1 },
        steps: { out: { input: { value: 'receive.record' } } },
      },
      json: {
        records: ['null', '{"id":73918264509182736}', '98765432109876543210', '"a"'].map((value) => ({ value })),
        receive: { valueFormat: 'json' },
        steps: { out: { input: { value: 'receive.value' }, config: { valueFormat: 'json' } } },
      },
      copied: {
        records: [{ value: '{"id":73918264509182736,"price":98765432109876543.21,"deep":{"n":[73918264509182736]}}' }],
        steps: {
          map: {
            type: 'general.mapper',
            input: {
              id: 'receive.value.id',
              text: '$string(receive.value.id)',
              deep: 'receive.value.deep',
              listed: '$map(receive.value.deep.n, function($n) { $n })',
              whole: 'receive.value',
              next: '$decimalAdd(receive.value.id, 1)',
              same: 'receive.value.id = receive.value.deep.n[0]',
            },
          },
          out: { after: 'map', input: { value: 'map' } },
        },
      },
      lossy: {
        records: ['{"n":0}', '{"n":73918264509182736}'].map((value) => ({ value })),
        steps: { out: { input: { value: '{"r": 1 / receive.value.n}' } } },
      },
      headers: {
        records: [{ value: 'v', headers }],
        steps: {
          out: { input: { value: 'receive.value', headers: 'receive.headers' } },
          list: { input: { value: 'receive.value', headers: 'receive.raw.headers[name != "x"]' } },
          short: { input: { value: '$string(receive.headers.x)', headers: '{"n": 5, "gone": null}' } },
        },
      },
      keys: {
        records: [
          { key: Buffer.from(''), value: 'a' },
          { key: null, value: 'b' },
        ],
        steps: { out: { input: passOn } },
      },
      timeless: { records: [{ value: 'v', timestampMs: -1 }], steps: { out: { input: passOn } } },
      aside: {
        records: ['{"a":1}', '{"a":', '{"a":3}'].map((value) => ({ value })),
        receive: { valueFormat: 'json' },
        steps: {
          map: { type: 'general.mapper', input: { a: 'receive.value.a' } },
          out: { after: 'map', input: { value: 'map' } },
          letters: {
            after: 'map',
            kind: 'error',
            input: { value: 'receive.raw.value', headers: '{"code": error.code, "reason": error.message}' },
          },
        },
      },
    };
    results = await runFlows(cluster.bootstrap, flows, folder);
  });
  afterAll(async () => {
    await results?.stop();
    await cluster?.stop();
  });

  const texts = async (flow: string, step?: string) =>
    (await results.arrived(flow, step)).map(({ value }) => (value === null ? null : String(value)));

  it.each(untouched.map(([title, value], index) => [title, index, value] as const))(
    '%s leaves as it came',
    async (_title, index, value) => {
      const arrived = await results.arrived('pass');
      const found = arrived.find(({ key }) => String(key) === String(index));
      expect(found?.value?.toString('hex')).toBe(value?.toString('hex'));
      expect(found).toBeDefined();
    },
  );

  it('the JSON text null is no tombstone, and numbers alone keep their digits', async () => {
    expect(await texts('json')).toEqual(['null', '{"id":73918264509182736}', '98765432109876543210', '"a"']);
  });

  it('03: an id of 64 bits comes from a file as it is', async () => {
    expect(await texts('file')).toEqual(['{"id":73918264509182736,"price":98765432109876543.21}']);
  });

  it('03: what a mapping copies keeps its digits, as number and as text', async () => {
    expect(await texts('copied')).toEqual([
      '{"id":73918264509182736,"text":"73918264509182736","deep":{"n":[73918264509182736]},"listed":73918264509182736,' +
        '"whole":{"id":73918264509182736,"price":98765432109876543.21,"deep":{"n":[73918264509182736]}},' +
        '"next":73918264509182737,"same":true}',
    ]);
  });

  it('a calculation without a result fails its job, and so does one that would lose digits', async () => {
    expect(await texts('lossy')).toEqual([]);
    const failures = results.run.jobs({ process: 'lossy' }).map(({ failure }) => [failure?.code, failure?.message]);
    expect(failures).toHaveLength(2);
    expect(failures).toContainEqual(['EXPRESSION_FAILED', 'input value: expected a finite number, but found Infinity']);
    expect(failures.find(([code]) => code === 'NUMBER_INEXACT')?.[1]).toMatch(/^input value: .*\$decimalDivide/);
  });

  it('12, 13, 11: headers keep their order, repetitions, bytes and nulls', async () => {
    const [whole] = await results.arrived('headers');
    expect(whole!.headers).toEqual(headers);
    const [listed] = await results.arrived('headers', 'list');
    expect(listed!.headers).toEqual(headers!.filter(({ key }) => key !== 'x'));
    const [short] = await results.arrived('headers', 'short');
    expect(String(short!.value)).toBe('2');
    expect(short!.headers).toEqual([
      { key: 'n', value: Buffer.from('5') },
      { key: 'gone', value: null },
    ]);
  });

  it('13: the topic browser shows them so too', async () => {
    const source = new KafkaTopicSource(testConnection({ bootstrapServers: cluster.bootstrap }));
    const clock = new NodeClock();
    const read = async (topic: string) =>
      (await readPage(source, clock, { topic, from: { at: 'newest' }, limit: 20 })).messages.map((message) =>
        shownMessage(topic, message, previewBounds),
      );
    const [message] = await read('headers-in');
    expect(message!.headers.map(({ key, value }) => [key, value.format, value.text])).toEqual([
      ['x', 'text', '1'],
      ['x', 'text', '2'],
      ['trace', 'bytes', 'gP8AAQ=='],
      ['none', 'null', ''],
      ['__proto__', 'text', 'p'],
    ]);
    // 04: and long ids with all their digits.
    const shown = (await read('copied-in')).map(({ value }) => value.text);
    expect(shown[0]).toContain('"id":73918264509182736');
    await source.close();
  });

  it('09: no key and an empty key stay two things', async () => {
    expect((await results.arrived('keys')).map(({ key }) => key?.toString())).toEqual(['', undefined]);
  });

  it('17: a record without a time is passed on', async () => {
    const [record] = await results.arrived('timeless');
    expect(record!.timestampMs).toBeGreaterThan(1_700_000_000_000);
  });

  it('29: a record that cannot be read goes aside with its bytes and the reason, and the rest goes on', async () => {
    expect(await texts('aside')).toEqual(['{"a":1}', '{"a":3}']);
    const [letter] = await results.arrived('aside', 'letters');
    expect(String(letter!.value)).toBe('{"a":');
    expect(letter!.headers.map(({ key, value }) => [key, String(value)])).toEqual([
      ['code', 'KAFKA_DECODE_FAILED'],
      ['reason', 'input a: Value: expected JSON, found "{\\"a\\":"'],
    ]);
    expect(results.run.counts.aside!.jobs).toMatchObject({ completed: 3, failed: 0 });
  });
});
