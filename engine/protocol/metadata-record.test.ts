import { expect, it } from 'vitest';
import { DecodeError } from './decode-error.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from './metadata-record.ts';

const topicId = 'AAAAAAAAAAAAAAAAAAAABQ';

it('frames a record with frame version, type and version', () => {
  const bytes = encodeMetadataRecord('TopicRecord', 0, { name: 'orders', topicId });
  expect(bytes.toString('hex')).toBe(`010200${'07'}${Buffer.from('orders').toString('hex')}${'00'.repeat(15)}0500`);
  expect(decodeMetadataRecord(bytes)).toEqual({ name: 'TopicRecord', version: 0, value: { name: 'orders', topicId } });
});

it('leaves unchanged parts of a partition out', () => {
  const bytes = encodeMetadataRecord('PartitionChangeRecord', 0, { partitionId: 3, topicId, leader: 2 });
  const record = decodeMetadataRecord(bytes);
  if (record.name !== 'PartitionChangeRecord')
    throw new Error(`expected a PartitionChangeRecord, found ${record.name}`);
  expect(record.value).toMatchObject({ partitionId: 3, leader: 2, isr: null, replicas: null });
});

it('refuses other frames and unknown types', () => {
  for (const hex of ['020200', '017f00', '0102', '']) {
    expect(() => decodeMetadataRecord(Buffer.from(hex, 'hex')), hex).toThrow(DecodeError);
  }
});
