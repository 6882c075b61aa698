import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeBytes } from './record-format.ts';

describe('decodeBytes', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    [' [1]', [1]],
    ['null', null],
    ['hello', 'hello'],
    ['{not json', '{not json'],
    ['', ''],
  ])('reads %j automatically', (text, data) => {
    expect(decodeBytes(Buffer.from(text), 'auto')).toEqual(data);
  });

  it('gives base64 for bytes that are no text, and null for none', () => {
    expect(decodeBytes(Buffer.from([0xff, 0x00]), 'auto')).toBe('/wA=');
    expect(decodeBytes(null, 'json')).toBeNull();
  });

  it('says what it found where JSON was asked for', () => {
    expect(() => decodeBytes(Buffer.from('oops'), 'json')).toThrow('expected JSON, found "oops"');
    expect(() => decodeBytes(Buffer.from([0xff]), 'text')).toThrow('expected UTF-8 text, found bytes ff');
  });
});

describe('encodeBytes', () => {
  it.each([
    ['auto', 'text', 'text'],
    ['auto', { a: [1] }, '{"a":[1]}'],
    ['auto', 5, '5'],
    ['json', 'text', '"text"'],
    ['text', true, 'true'],
    ['bytes', 'aGk=', 'hi'],
  ] as const)('writes as %s: %j', (format, data, text) => {
    expect(String(encodeBytes(data, format, 'Value'))).toBe(text);
  });

  it('keeps null and refuses what does not fit, naming the field', () => {
    expect(encodeBytes(null, 'json', 'Value')).toBeNull();
    expect(() => encodeBytes({}, 'text', 'Key')).toThrow('Key: expected text, a number or true/false, found an object');
    expect(() => encodeBytes('no base64', 'bytes', 'Value')).toThrow('Value: expected base64 text');
  });
});
