import { describe, expect, it } from 'vitest';
import { decode, decodeFrom, encode, encodeToBuffer } from './codec.ts';
import type { DecodeError } from './decode-error.ts';
import { EncodeError } from './encode-error.ts';
import { arrayElementsMax, elementsPerMessageMax, Reader, taggedFieldsMax } from './reader.ts';
import { array, int8, int16, int32, int64Max, message, string, struct } from './schema.ts';

import { produceRequest } from './schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from './schemas/01-fetch.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { heartbeatRequest } from './schemas/12-heartbeat.ts';
import { copiedBytesMax, Writer } from './writer.ts';

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

function failure(action: () => unknown): DecodeError {
  try {
    action();
  } catch (error) {
    return error as DecodeError;
  }
  throw new Error('expected a failure, found none');
}

describe('bytes written by hand', () => {
  const heartbeat = { groupId: 'g1', generationId: 7, memberId: 'm', groupInstanceId: null };

  it('Heartbeat v0 has classic strings', () => {
    const bytes = hex('0002 6731  00000007  0001 6d');
    expect(encodeToBuffer(heartbeatRequest, 0, heartbeat)).toEqual(bytes);
    expect(decode(heartbeatRequest, 0, bytes)).toEqual(heartbeat);
  });

  it('Heartbeat v4 has compact strings, a null instance id and an empty tag section', () => {
    const bytes = hex('03 6731  00000007  02 6d  00  00');
    expect(encodeToBuffer(heartbeatRequest, 4, heartbeat)).toEqual(bytes);
    expect(decode(heartbeatRequest, 4, bytes)).toEqual(heartbeat);
  });

  it('Metadata v1 asks for all topics with a null array', () => {
    const decoded = decode(metadataRequest, 1, hex('ffffffff'));
    expect(decoded.topics).toBeNull();
    expect(decoded.allowAutoTopicCreation).toBe(true);
    expect(encodeToBuffer(metadataRequest, 1, { topics: null })).toEqual(hex('ffffffff'));
  });

  it('Metadata v1 answers with brokers, controller and partitions', () => {
    const bytes = hex(`
      00000001  00000001 0001 68 00002384 ffff
      00000001
      00000001  0000 0001 74 00
        00000001  0000 00000000 00000001  00000001 00000001  00000001 00000001`);
    const partition = { errorCode: 0, partitionIndex: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1] };
    const response = {
      brokers: [{ nodeId: 1, host: 'h', port: 9092, rack: null }],
      controllerId: 1,
      topics: [{ errorCode: 0, name: 't', isInternal: false, partitions: [partition] }],
    };
    expect(encodeToBuffer(metadataResponse, 1, response)).toEqual(bytes);
    expect(decode(metadataResponse, 1, bytes)).toMatchObject(response);
  });

  it('Produce v9 carries the batch as compact records', () => {
    const bytes = hex('00 0001 000003e8  02 02 74  02 00000000 04 aabbcc 00  00  00');
    const decoded = decode(produceRequest, 9, bytes);
    expect(decoded).toMatchObject({ transactionalId: null, acks: 1, timeoutMs: 1000 });
    expect(decoded.topicData[0]?.partitionData[0]?.records).toEqual(hex('aabbcc'));
  });
});

describe('large byte fields', () => {
  const records = Buffer.alloc(65_536, 7);
  const fetched = (data: Buffer | readonly Buffer[]) => ({
    responses: [{ topic: 't', partitions: [{ partitionIndex: 0, errorCode: 0, highWatermark: 5, records: data }] }],
  });

  it('go out uncopied, several buffers as one field', () => {
    const parts = [records, records.subarray(0, copiedBytesMax + 1)];
    const chunks = encode(fetchResponse, 12, fetched(parts));
    expect(chunks).toContain(parts[0]);
    expect(chunks).toContain(parts[1]);
    expect(Buffer.concat(chunks)).toEqual(encodeToBuffer(fetchResponse, 12, fetched(Buffer.concat(parts))));
  });

  it('come in as a view of the frame', () => {
    const frame = encodeToBuffer(fetchResponse, 12, fetched(records));
    const decoded = decode(fetchResponse, 12, frame).responses[0]?.partitions[0]?.records;
    expect(decoded).toEqual(records);
    expect(decoded?.buffer).toBe(frame.buffer);
  });
});

describe('fields', () => {
  it('that a version lacks are dropped when written and have their default when read', () => {
    const bytes = encodeToBuffer(fetchRequest, 4, { maxWaitMs: 1, minBytes: 1, sessionId: 99, topics: [] });
    expect(decode(fetchRequest, 4, bytes)).toMatchObject({ sessionId: 0, sessionEpoch: -1, maxBytes: 0x7fffffff });
  });

  it('that are tagged and equal to their default take no byte', () => {
    const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1 };
    const encodeWith = (highWatermark?: number) =>
      encodeToBuffer(fetchRequest, 18, {
        maxWaitMs: 0,
        minBytes: 0,
        topics: [{ partitions: [{ ...partition, highWatermark }] }],
      });
    expect(encodeWith(int64Max)).toEqual(encodeWith());
    const decoded = decode(fetchRequest, 18, encodeWith(42));
    expect(decoded.topics[0]?.partitions[0]?.highWatermark).toBe(42);
    expect(decode(fetchRequest, 18, encodeWith()).topics[0]?.partitions[0]?.highWatermark).toBe(int64Max);
  });

  it('with an unknown tag are skipped', () => {
    const bytes = hex('03 6731  00000007  02 6d  00  01 63 03 010203');
    const reader = new Reader(bytes);
    expect(decodeFrom(reader, heartbeatRequest, 4).memberId).toBe('m');
    expect(reader.remaining).toBe(0);
  });

  it('that are arrays are made anew for each message', () => {
    const first = decode(fetchRequest, 4, encodeToBuffer(fetchRequest, 4, { maxWaitMs: 1, minBytes: 1, topics: [] }));
    first.forgottenTopicsData.push({ topic: 't', topicId: '', partitions: [] });
    const again = decode(fetchRequest, 4, encodeToBuffer(fetchRequest, 4, { maxWaitMs: 1, minBytes: 1, topics: [] }));
    expect(again.forgottenTopicsData).toEqual([]);
  });

  it('that are nullable structs have a byte in front', () => {
    const schema = message(
      { name: 'Sample', versions: '0', flexible: '0+' },
      { cursor: struct('0+', { at: int8('0+') }, { nullable: '0+', default: null }) },
    );
    expect(encodeToBuffer(schema, 0, {})).toEqual(hex('ff 00'));
    expect(encodeToBuffer(schema, 0, { cursor: { at: 5 } })).toEqual(hex('01 05 00 00'));
    expect(decode(schema, 0, hex('01 05 00 00'))).toEqual({ cursor: { at: 5 } });
    expect(failure(() => decode(schema, 0, hex('02 05 00 00')))).toMatchObject({
      code: 'INVALID_LENGTH',
      path: 'cursor',
    });
  });

  it('that opt out keep the classic form in flexible versions', () => {
    const schema = message(
      { name: 'Sample', versions: '0', flexible: '0+' },
      { id: string('0+', { nullable: '0+', flexible: 'none' }), names: array('0+', 'string') },
    );
    expect(encodeToBuffer(schema, 0, { id: 'a', names: ['b'] })).toEqual(hex('0001 61  02 02 62  00'));
    expect(encodeToBuffer(schema, 0, { id: null, names: [] })).toEqual(hex('ffff  01  00'));
  });
});

describe('refusals', () => {
  it('name message, field, expectation and finding', () => {
    const bytes = hex('00 0001 000003e8  02 02 74  03 00000000 09 0102030405060708 00  0000');
    const error = failure(() => decode(produceRequest, 9, bytes));
    expect(error).toMatchObject({ code: 'TRUNCATED', path: 'topicData[0].partitionData[1].index', retriable: false });
    expect(error.message).toBe(
      'ProduceRequest v9 topicData[0].partitionData[1].index: expected 4 bytes for a 32 bit number, found 2 at byte 25',
    );
  });

  it('come before an array is allocated', () => {
    const error = failure(() => decode(metadataRequest, 1, hex('00010000 0001 61')));
    expect(error).toMatchObject({ code: 'INVALID_LENGTH', path: 'topics' });
  });

  it('bound the elements of a message, whatever their nesting', () => {
    const schema = message(
      { name: 'Sample', versions: '0', flexible: 'none' },
      { rows: array('0+', { flags: array('0+', 'bool') }) },
    );
    const row = Buffer.alloc(4 + arrayElementsMax);
    row.writeInt32BE(arrayElementsMax);
    const rows = Math.ceil(elementsPerMessageMax / arrayElementsMax);
    const bytes = Buffer.concat([hex(`0000000${rows}`), ...Array.from({ length: rows }, () => row)]);
    expect(failure(() => decode(schema, 0, bytes))).toMatchObject({ code: 'TOO_MANY_ELEMENTS', path: 'rows[4].flags' });
  });

  it('bound the elements of an array and the fields of a tag section, as Kafka does', () => {
    const flags = message({ name: 'Sample', versions: '0', flexible: '0+' }, { flags: array('0+', 'bool') });
    const writer = new Writer();
    writer.uvarint(arrayElementsMax + 2);
    const tooMany = Buffer.concat([...writer.finish(), Buffer.alloc(arrayElementsMax + 10)]);
    expect(failure(() => decode(flags, 0, tooMany))).toMatchObject({ code: 'TOO_MANY_ELEMENTS', path: 'flags' });
    const tags = Buffer.concat([hex('01 91 4e'), Buffer.alloc(2 * taggedFieldsMax + 10)]);
    expect(failure(() => decode(flags, 0, tags))).toMatchObject({ code: 'TOO_MANY_ELEMENTS' });
    const names = Buffer.alloc(4 + 2 * 100_001);
    names.writeInt32BE(100_001);
    expect(failure(() => decode(metadataRequest, 1, names))).toMatchObject({
      code: 'TOO_MANY_ELEMENTS',
      path: 'topics',
    });
  });

  it('meet null where the version has none', () => {
    expect(failure(() => decode(metadataRequest, 0, hex('ffffffff')))).toMatchObject({ code: 'NULL_NOT_ALLOWED' });
    expect(() => encode(metadataRequest, 0, { topics: null })).toThrow(EncodeError);
    expect(() => encode(metadataRequest, 0, { topics: null })).toThrow(/^MetadataRequest v0.topics: expected a value/);
  });

  it('meet versions that the schema does not have', () => {
    expect(failure(() => decode(heartbeatRequest, 5, hex('00')))).toMatchObject({ code: 'UNSUPPORTED_VERSION' });
    expect(() => encodeToBuffer(fetchRequest, 3, { maxWaitMs: 1, minBytes: 1, topics: [] })).toThrow(EncodeError);
  });

  it('meet a tagged field whose size is not that of its value', () => {
    const schema = message({ name: 'Sample', versions: '0', flexible: '0+' }, { epoch: int16('0+', { tag: 0 }) });
    expect(decode(schema, 0, hex('01 00 02 0005'))).toEqual({ epoch: 5 });
    expect(failure(() => decode(schema, 0, hex('01 00 03 000500')))).toMatchObject({ code: 'INVALID_TAG' });
    expect(failure(() => decode(schema, 0, hex('01 00 01 0005')))).toMatchObject({ code: 'TRUNCATED', path: 'epoch' });
  });

  it('meet values that do not fit their field', () => {
    const schema = message({ name: 'Sample', versions: '0', flexible: 'none' }, { count: int32('0+') });
    for (const count of [2 ** 31, 1.5, Number.NaN]) expect(() => encode(schema, 0, { count })).toThrow(EncodeError);
  });
});
