import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import { KafkaError } from '../kafka-error.ts';

/** TLS of a connection. Certificates and keys are PEM text; a client certificate is for brokers that ask for one (mutual TLS). */
export interface TlsSettings {
  /** Left out for the authorities that Node trusts. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  /** A PKCS #12 file with certificate and key, in place of the two. */
  readonly keyStore?: Uint8Array;
  /** Of the private key or the key store. */
  readonly passphrase?: string;
  /** What is checked of the broker's certificate: who signed it and for which name (left out), who signed it, or nothing. */
  readonly checks?: 'signature' | 'nothing';
}

const certificatePattern = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** Throws KAFKA_BAD_CERTIFICATE where the authorities are no PEM certificates: Node would ignore them without a word. */
export function checkTls(settings: TlsSettings, target: string): void {
  if (settings.ca !== undefined) checkCertificates(settings.ca, `${target}: CA certificates`);
  if (settings.certificate !== undefined) checkCertificates(settings.certificate, `${target}: client certificate`);
  if ((settings.certificate === undefined) !== (settings.privateKey === undefined))
    throw new KafkaError('KAFKA_BAD_CERTIFICATE', `${target}: expected client certificate and private key, found one`);
  try {
    process.getBuiltinModule('node:tls').createSecureContext(tlsOptions(settings, ''));
  } catch (cause) {
    throw new KafkaError('KAFKA_BAD_CERTIFICATE', `${target}: ${keyFault(settings, messageOf(cause))}`, { cause });
  }
}

/** What OpenSSL has against a key, in words that say what to do. */
function keyFault({ keyStore }: TlsSettings, said: string): string {
  const what = keyStore ? 'the PKCS #12 file' : 'the client key';
  if (/mac verify|bad decrypt|bad password|interrupted or cancelled/i.test(said))
    return `the password does not open ${what}`;
  if (/values mismatch/i.test(said)) return 'the client key belongs to another certificate';
  if (/unsupported/i.test(said))
    return `${what} is protected in a way that OpenSSL 3 does not read (RC2): write it anew with AES`;
  return `${what} cannot be used: ${said}`;
}

function checkCertificates(pem: string, what: string): void {
  const found = pem.match(certificatePattern);
  if (!found)
    throw new KafkaError(
      'KAFKA_BAD_CERTIFICATE',
      `${what}: expected PEM text with "-----BEGIN CERTIFICATE-----", found none`,
    );
  for (const certificate of found) {
    try {
      new (process.getBuiltinModule('node:crypto').X509Certificate)(certificate);
    } catch (cause) {
      throw new KafkaError('KAFKA_BAD_CERTIFICATE', `${what}: a certificate cannot be read: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}

/** Options for `tls.connect`. A host name goes out as SNI; for an IP address there is none (RFC 6066). */
export function tlsOptions(settings: TlsSettings, host: string): ConnectionOptions {
  const { ca, certificate, privateKey, keyStore, passphrase, checks } = settings;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    ...(keyStore === undefined ? {} : { pfx: Buffer.from(keyStore) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(checks === undefined ? {} : { checkServerIdentity: () => undefined, rejectUnauthorized: checks !== 'nothing' }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
}
