import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { ipBytes } from '../ip-bytes.ts';
import { der, derElement, derElements, derOid, derSequence, derTags } from './der.ts';
import { pemOf } from './pkcs12.ts';

/** A certificate with its private key, as PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateRequest {
  /** The common name. */
  readonly name: string;
  /** Host names and addresses that it is for. */
  readonly hosts: readonly string[];
  readonly validFromMs: number;
  readonly validToMs: number;
  /** Up to 20 random bytes. */
  readonly serial: Uint8Array;
}

const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;
const isTrue = Buffer.from([0x01, 0x01, 0xff]);

/** An authority of one's own (RFC 5280), with a new key on the curve P-256. */
export function makeAuthority(request: Omit<CertificateRequest, 'hosts'>): CertifiedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    extension(oids.basicConstraints, derSequence(isTrue, der(derTags.integer, Buffer.from([0]))), true),
    // To sign certificates and lists of those taken back.
    extension(oids.keyUsage, der(derTags.bitString, Buffer.from([1, 0x06])), true),
    extension(oids.subjectKeyId, der(derTags.octetString, keyIdOf(publicKey))),
  ];
  const name = nameOf(request.name);
  return certified({ request, issuer: name, subject: name, publicKey, extensions }, privateKey, privateKey);
}

/** A certificate signed by an authority, for a broker or a client: it serves both ends of a connection. */
export function issueCertificate(authority: CertifiedKey, request: CertificateRequest): CertifiedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = new X509Certificate(authority.certificate);
  const names = request.hosts.map(hostName);
  const extensions = [
    extension(oids.basicConstraints, derSequence(), true),
    extension(oids.keyUsage, der(derTags.bitString, Buffer.from([7, 0x80])), true),
    extension(oids.extendedKeyUsage, derSequence(derOid(oids.serverAuth), derOid(oids.clientAuth))),
    extension(oids.subjectKeyId, der(derTags.octetString, keyIdOf(publicKey))),
    extension(oids.authorityKeyId, derSequence(der(0x80, keyIdOf(signer.publicKey)))),
    ...(names.length > 0 ? [extension(oids.subjectAltName, derSequence(...names))] : []),
  ];
  const parts = { request, issuer: subjectBytes(signer), subject: nameOf(request.name), publicKey, extensions };
  return certified(parts, privateKey, createPrivateKey(authority.privateKey));
}

interface Parts {
  readonly request: Omit<CertificateRequest, 'hosts'>;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certified(parts: Parts, privateKey: KeyObject, signingKey: KeyObject): CertifiedKey {
  const { request, issuer, subject, publicKey, extensions } = parts;
  const algorithm = derSequence(derOid(oids.ecdsaWithSha256));
  const tbs = derSequence(
    der(0xa0, der(derTags.integer, Buffer.from([2]))),
    der(derTags.integer, positive(request.serial)),
    algorithm,
    issuer,
    derSequence(time(request.validFromMs), time(request.validToMs)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, derSequence(...extensions)),
  );
  const signature = der(derTags.bitString, Buffer.from([0]), sign('sha256', tbs, signingKey));
  return {
    certificate: pemOf('CERTIFICATE', derSequence(tbs, algorithm, signature)),
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function nameOf(commonName: string): Buffer {
  const value = der(derTags.utf8String, Buffer.from(commonName));
  return derSequence(der(derTags.set, derSequence(derOid(oids.commonName), value)));
}

/** The subject of a certificate as it stands in there. */
function subjectBytes({ raw }: X509Certificate): Buffer {
  const [tbs] = derElements(derElement(raw).content);
  const subject = derElements(tbs?.content ?? Buffer.alloc(0))[5];
  if (!subject) throw new Error('expected a certificate of version 3');
  return subject.raw;
}

function extension(oid: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [isTrue] : [];
  return derSequence(derOid(oid), ...critical, der(derTags.octetString, value));
}

function hostName(host: string): Buffer {
  const bytes = ipBytes(host);
  return bytes ? der(0x87, Buffer.from(bytes)) : der(0x82, Buffer.from(host, 'ascii'));
}

function keyIdOf(publicKey: KeyObject): Buffer {
  const [, point] = derElements(derElement(publicKey.export({ format: 'der', type: 'spki' })).content);
  return createHash('sha1')
    .update(point?.content.subarray(1) ?? '')
    .digest();
}

/** Two's complement without a sign: the first bit is none. */
function positive(bytes: Uint8Array): Buffer {
  const number = Buffer.from(bytes);
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40;
  return number;
}

/** With four digits of the year from 2050 on, as RFC 5280 wants it. */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? der(derTags.utcTime, Buffer.from(digits.slice(2)))
    : der(derTags.generalizedTime, Buffer.from(digits));
}
