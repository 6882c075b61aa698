import { messageOf } from '../../../base/errors.ts';
import { KafkaError } from '../../kafka-error.ts';
import { jksCertificates, jksMagic } from './jks-certificates.ts';
import { pkcs12Certificates } from './pkcs12-certificates.ts';

/** What a file of certificates or keys is, by its content: names and types of key stores often say otherwise. */
export function storeKind(file: Buffer): 'PEM' | 'JKS' | 'PKCS12' | undefined {
  if (file.includes('-----BEGIN ')) return 'PEM';
  if (file.length > 12 && file.readUInt32BE(0) === jksMagic) return 'JKS';
  return file[0] === 0x30 ? 'PKCS12' : undefined;
}

/**
 * The authorities in a trust store, as PEM: of PEM text, PKCS #12 or Java's JKS. `what` names it for the message. Throws
 * KAFKA_BAD_CERTIFICATE.
 */
export function authoritiesIn(file: Buffer, password: string, what: string): string {
  const kind = storeKind(file);
  if (kind === 'PEM') return file.toString('utf8');
  if (kind === undefined) throw bad(what, 'expected PEM text, a PKCS #12 file or a JKS file, found neither');
  let certificates: Buffer[];
  try {
    certificates = kind === 'JKS' ? jksCertificates(file) : pkcs12Certificates(file, password);
  } catch (cause) {
    throw bad(what, `a ${kind === 'JKS' ? 'JKS' : 'PKCS #12'} file that cannot be read: ${messageOf(cause)}`, cause);
  }
  if (certificates.length === 0) throw bad(what, 'expected at least one certificate, found none');
  return certificates.map(pemOf).join('');
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function bad(what: string, text: string, cause?: unknown): KafkaError {
  return new KafkaError('KAFKA_BAD_CERTIFICATE', `${what}: ${text}`, { cause });
}
