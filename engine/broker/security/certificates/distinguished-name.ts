import type { X509Certificate } from 'node:crypto';
import type { DerElement } from './der.ts';
import { derElement, derElements, derTags, oidText } from './der.ts';

/** What RFC 2253 has a short name for; everything else is written by its number. */
const keywords: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
]);
const explicitVersionTag = 0xa0;
/** UTF8String, PrintableString, T61String, IA5String, GeneralString, and BMPString. */
const utf8Tags: ReadonlySet<number> = new Set([derTags.utf8String, derTags.printableString, 0x14, 0x16, 0x1b]);
const bmpString = 0x1e;
const escaped = /[,=+<>#;"\\]/g;

/**
 * The subject of a certificate as Java writes it (RFC 2253): `CN=carol,OU=Dev,O=Acme,C=DE`, the last part of the certificate first.
 * Kafka's mapping rules and principals are made of this text.
 */
export function subjectOf(certificate: X509Certificate): string {
  const [tbs] = derElements(derElement(certificate.raw).content);
  const fields = derElements(tbs?.content ?? Buffer.alloc(0));
  // Version, serial number, signature algorithm, issuer, validity, subject; the version may be left out.
  const subject = fields[fields[0]?.tag === explicitVersionTag ? 5 : 4];
  if (!subject) throw new Error('expected a certificate with a subject');
  return derElements(subject.content).map(relativeName).reverse().join(',');
}

/** One part, which may be several attributes at once. */
function relativeName({ content }: DerElement): string {
  return derElements(content).map(attribute).join('+');
}

function attribute({ content }: DerElement): string {
  const [type, value] = derElements(content);
  if (!type || !value) throw new Error('expected a type and a value in a name');
  const oid = oidText(type.content);
  const keyword = keywords.get(oid);
  const text = keyword === undefined ? undefined : textOf(value);
  return text === undefined ? `${keyword ?? oid}=#${value.raw.toString('hex')}` : `${keyword}=${escapedText(text)}`;
}

function textOf({ tag, content }: DerElement): string | undefined {
  if (utf8Tags.has(tag)) return content.toString('utf8');
  return tag === bmpString ? Buffer.from(content).swap16().toString('utf16le') : undefined;
}

function escapedText(text: string): string {
  return text
    .replace(escaped, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ \r]+|[ \r]+$/g, (blanks) => blanks.replace(/[ \r]/g, '\\$&'));
}
