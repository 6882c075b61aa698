import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../engine/expressions/compile-expression.ts';
import { BytesValue } from '../../../engine/formats/bytes-value.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import { testConfig } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { toOutgoingRecord } from './outgoing-record.ts';
import { sendList } from './send-list.ts';

const config = (raw: Record<string, string | number | boolean> = {}) =>
  testConfig(declaration, { connection: 'c', topic: 'alerts', ...raw });

describe('SendMessage', () => {
  it('makes a record of its input', () => {
    const input = { value: { mag: 5 }, key: 7, headers: { source: 'usgs', level: 2 }, timestamp: 99 };
    expect(toOutgoingRecord(config(), input)).toEqual({
      topic: 'alerts',
      partition: undefined,
      key: Buffer.from('7'),
      value: Buffer.from('{"mag":5}'),
      headers: [
        { key: 'source', value: Buffer.from('usgs') },
        { key: 'level', value: Buffer.from('2') },
      ],
      timestampMs: 99,
    });
  });

  it('lets the input override topic and partition, and sends a tombstone for null', () => {
    const assigned = config({ assignPartition: true, partition: 3 });
    expect(toOutgoingRecord(assigned, { value: null })).toMatchObject({ topic: 'alerts', partition: 3, value: null });
    expect(toOutgoingRecord(assigned, { value: 'x', topic: 'other', partition: 1 })).toMatchObject({
      topic: 'other',
      partition: 1,
    });
  });

  it('takes headers as a list, also one of a single header that was picked', async () => {
    const compiled = compileExpression('raw.headers[name = "b"][]', {
      clock: { now: () => 0 },
      random: { next: () => 0 },
    });
    if (!compiled.ok) throw compiled.error;
    const list = [
      { name: 'a', value: 'x' },
      { name: 'b', value: new BytesValue(Buffer.from([0xff])) },
    ];
    expect(toOutgoingRecord(config(), { value: 1, headers: list }).headers).toEqual([
      { key: 'a', value: Buffer.from('x') },
      { key: 'b', value: Buffer.from([0xff]) },
    ]);
    const headers = await compiled.value.evaluate({ raw: { headers: list } });
    expect(toOutgoingRecord(config(), { value: 1, headers }).headers).toEqual([
      { key: 'b', value: Buffer.from([0xff]) },
    ]);
  });

  it.each([
    [{}, 'Value: the mapping gave nothing; map null to send a tombstone'],
    [{ value: 1, partition: -1 }, 'Partition: expected a whole number, found -1'],
    [{ value: 1, headers: 'x' }, 'Headers: expected an object or a list of {"name", "value"}, found "x"'],
    [{ value: 1, headers: [1] }, 'Headers: expected {"name": text, "value": ...} as item 0, found 1'],
    [{ value: () => 1 }, 'Value: expected data that JSON can hold, found a function'],
  ])('refuses %j with the name of the field', (input, message) => {
    expect(() => toOutgoingRecord(config(), input)).toThrow(
      expect.objectContaining({ code: 'KAFKA_ENCODE_FAILED', message }),
    );
  });
});

describe('SendMessage of a list', () => {
  const metrics = { count: () => {}, gauge: () => {} };
  const sentNow = {
    ready: () => undefined,
    deliver: (record: OutgoingRecord, listener: SendListener) => deliver(record, listener),
  };
  let offset = 0;
  function deliver({ topic, value }: OutgoingRecord, listener: SendListener): void {
    if (String(value) === 'huge')
      listener.failed(new KafkaError('KAFKA_RECORD_LIST_TOO_LARGE', 'larger than the topic allows'));
    else listener.sent(topic === 'alerts' ? 1 : 2, offset++);
  }
  const options = (failsWithOne: boolean) => ({
    ...{ to: sentNow, metrics, failsWithOne },
    toRecord: (message: Readonly<Record<string, unknown>>) => toOutgoingRecord(config(), message),
  });

  it('says of each message what became of it, and keeps none back for another', async () => {
    const messages = [{ value: 'a' }, { value: 'huge' }, { key: 'k' }, { value: 'b', topic: 'other' }];
    const results = [
      { status: 'sent', topic: 'alerts', partition: 1, offset: 0 },
      {
        ...{ status: 'failed', code: 'KAFKA_MESSAGE_TOO_LARGE' },
        ...{ message: 'message 1: larger than the topic allows', retriable: false },
      },
      {
        ...{ status: 'failed', code: 'KAFKA_ENCODE_FAILED', retriable: false },
        message: 'message 2: Value: the mapping gave nothing; map null to send a tombstone',
      },
      { status: 'sent', topic: 'other', partition: 2, offset: 1 },
    ];
    expect(await sendList(messages, options(false))).toEqual({ sent: 2, failed: 2, results });
    offset = 0;
    await expect(sendList(messages, options(true))).rejects.toMatchObject({
      code: 'KAFKA_MESSAGES_FAILED',
      message: '2 of 4 messages could not be sent: message 1: larger than the topic allows',
      details: { results },
    });
  });

  it('takes a single message for a list of one, and no messages for none', async () => {
    expect(await sendList({ value: 'a' }, options(true))).toMatchObject({ sent: 1 });
    expect(await sendList([], options(true))).toEqual({ sent: 0, failed: 0, results: [] });
    await expect(sendList(['a'], options(true))).rejects.toThrow(
      'Messages: expected {"value": ...} as item 0, found "a"',
    );
    await expect(sendList(undefined, options(true))).rejects.toThrow('as item 0, found nothing');
  });

  it('waits for room between messages', async () => {
    let waits = 2;
    const to = { ...sentNow, ready: () => (waits-- > 0 ? Promise.resolve() : undefined) };
    expect(await sendList([{ value: 'a' }, { value: 'b' }], { ...options(true), to })).toMatchObject({ sent: 2 });
  });
});
