import { describe, expect, it } from 'vitest';
import { advertisedApis } from './api-keys.ts';
import { decode } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import { errorCode } from './error-codes.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestFrame,
  encodeResponseFrame,
  requestHeaderVersion,
  responseHeaderVersion,
} from './frame.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { apiVersionsRequest, apiVersionsResponse } from './schemas/18-api-versions.ts';

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

describe('request headers', () => {
  it('ApiVersions v0 has header v1', () => {
    const frame = hex('0000000c  0012 0000 00000005 0002 6162');
    expect(Buffer.concat(encodeRequestFrame(apiVersionsRequest, 0, { correlationId: 5, clientId: 'ab' }, {}))).toEqual(
      frame,
    );
    expect(decodeRequestHeader(frame.subarray(4))).toEqual({
      apiKey: 18,
      apiVersion: 0,
      correlationId: 5,
      clientId: 'ab',
      headerVersion: 1,
      bodyOffset: 12,
    });
  });

  it('ApiVersions v3 has header v2: tags, but still an int16 client id', () => {
    const frame = hex('00000012  0012 0003 00000005 0002 6162 00  02 6a 02 31 00');
    const body = { clientSoftwareName: 'j', clientSoftwareVersion: '1' };
    const identity = { correlationId: 5, clientId: 'ab' };
    expect(Buffer.concat(encodeRequestFrame(apiVersionsRequest, 3, identity, body))).toEqual(frame);
    const header = decodeRequestHeader(frame.subarray(4));
    expect(header).toMatchObject({ headerVersion: 2, bodyOffset: 13, clientId: 'ab' });
    expect(decode(apiVersionsRequest, 3, frame.subarray(4), header.bodyOffset)).toMatchObject(body);
  });

  it('may lack a client id and carry unknown tags', () => {
    const header = decodeRequestHeader(hex('0003 000c 00000001 ffff 01 05 02 abcd  00'));
    expect(header).toMatchObject({ apiKey: 3, apiVersion: 12, clientId: null, bodyOffset: 15 });
  });

  it('of unknown keys and versions are read as far as they can be', () => {
    expect(decodeRequestHeader(hex('7fff 0009 00000001 0000'))).toMatchObject({ apiKey: 32_767, correlationId: 1 });
    expect(decodeRequestHeader(hex('0012 7fff 00000001 0000 00'))).toMatchObject({ apiKey: 18, headerVersion: 2 });
    expect(requestHeaderVersion(7, 0)).toBe(0);
  });

  it('of broken frames are refused', () => {
    for (const text of ['', '0012', '0012 0000 00000005', '0012 0000 00000005 0009 61', '0003 000c 00000001 ffff ff']) {
      expect(() => decodeRequestHeader(hex(text)), text).toThrow(DecodeError);
    }
  });
});

describe('response headers', () => {
  it('ApiVersions always has v0', () => {
    expect([0, 2, 3, 4].map((version) => responseHeaderVersion(apiVersionsResponse, version))).toEqual([0, 0, 0, 0]);
    const body = { errorCode: errorCode.NONE, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] };
    const frame = Buffer.concat(encodeResponseFrame(apiVersionsResponse, 3, 5, body));
    expect(frame).toEqual(hex('00000013  00000005  0000  02 0012 0000 0004 00  00000000  00'));
  });

  it('a version that is not known is answered in v0 form with error 35', () => {
    const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 4 }];
    const body = { errorCode: errorCode.UNSUPPORTED_VERSION, apiKeys };
    const frame = Buffer.concat(encodeResponseFrame(apiVersionsResponse, 0, 5, body));
    expect(frame).toEqual(hex('00000010  00000005  0023  00000001 0012 0000 0004'));
  });

  it('flexible responses have v1', () => {
    expect([8, 9].map((version) => responseHeaderVersion(metadataResponse, version))).toEqual([0, 1]);
    expect(decodeResponseHeader(hex('00000009 00'), 1)).toEqual({ correlationId: 9, bodyOffset: 5 });
    expect(decodeResponseHeader(hex('00000009'), 0)).toEqual({ correlationId: 9, bodyOffset: 4 });
    expect(() => decodeResponseHeader(hex('000000'), 0)).toThrow(DecodeError);
  });
});

it('frames carry their size, also when the body spans chunks', () => {
  const topics = Array.from({ length: 5_000 }, (_, index) => ({ name: `topic-${index}` }));
  const chunks = encodeRequestFrame(metadataRequest, 9, { correlationId: 1, clientId: null }, { topics });
  const frame = Buffer.concat(chunks);
  expect(chunks.length).toBeGreaterThan(1);
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  const header = decodeRequestHeader(frame.subarray(4));
  expect(decode(metadataRequest, 9, frame.subarray(4), header.bodyOffset).topics).toHaveLength(5_000);
});

it('clients are told of no internal API, and of Produce from 0', () => {
  const announced = advertisedApis();
  expect(announced[0]).toEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 });
  expect(announced.find((api) => api.apiKey === 22)?.maxVersion).toBe(5);
  for (const key of [52, 53, 54, 56, 58, 59, 62, 63, 67]) expect(announced.map((api) => api.apiKey)).not.toContain(key);
});
