import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';

const bytes = (text: string) => Buffer.from(text);

describe('decode', () => {
  it('keeps every digit of JSON', () => {
    const text = '{"id": 12345678901234567890, "rate": 1.10}';
    expect(decode(bytes(text), 1000)).toMatchObject({ format: 'json', text, truncated: false, reason: null });
  });

  it('takes JSON behind a byte order mark for JSON', () => {
    const text = '\ufeff{"id": 1}';
    expect(decode(bytes(text), 1000)).toMatchObject({ format: 'json', text, reason: null });
  });

  it('says where text that looks like JSON is none', () => {
    expect(decode(bytes('{"a": 1,\n "b" 2}'), 1000)).toMatchObject({
      format: 'text',
      reason: 'not JSON: line 2, column 6: expected ":", but found "2"',
    });
  });

  it('does not take a long text for JSON by its first letter, once it is read whole', () => {
    const text = '[2026] some words here\n'.repeat(60_000);
    expect(decode(bytes(text), text.length)).toMatchObject({ format: 'text', text, truncated: false });
    const json = `[${'1.10, '.repeat(300_000)}1]`;
    expect(decode(bytes(json), json.length)).toMatchObject({ format: 'json', text: json });
  });

  it('tells null, empty and text apart', () => {
    expect(decode(null, 10)).toMatchObject({ format: 'null', sizeBytes: 0 });
    expect(decode(bytes(''), 10)).toMatchObject({ format: 'text', text: '', sizeBytes: 0 });
    expect(decode(bytes('us7000n4xq'), 10)).toMatchObject({ format: 'text', text: 'us7000n4xq' });
  });

  it('shows binary data as base64 and says which byte is no text', () => {
    expect(decode(Buffer.from([0, 0, 0, 42]), 10)).toMatchObject({
      format: 'bytes',
      text: 'AAAAKg==',
      reason: 'not text: byte 0 is 0x00',
    });
    expect(decode(Buffer.from([0x41, 0xff, 0x42]), 10)).toMatchObject({ reason: 'not text: byte 1 is 0xff' });
    expect(decode(Buffer.from([0xc3, 0xa4, 0xc3]), 10)).toMatchObject({ reason: 'not text: byte 2 is 0xc3' });
  });

  it('cuts long text at a whole character', () => {
    expect(decode(bytes('aäöü'), 4)).toMatchObject({ text: 'aä', truncated: true, sizeBytes: 7 });
    expect(decode(bytes('aäöü'), 3)).toMatchObject({ text: 'aä', truncated: true });
    expect(decode(bytes('{"a":"ä"}'), 7)).toMatchObject({ format: 'json', text: '{"a":"', truncated: true });
  });
});
