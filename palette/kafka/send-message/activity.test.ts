import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../engine/expressions/compile-expression.ts';
import { BytesValue } from '../../../engine/formats/bytes-value.ts';
import { testConfig } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { toOutgoingRecord } from './outgoing-record.ts';

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
