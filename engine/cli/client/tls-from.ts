import { readFileSync } from 'node:fs';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { TlsSettings } from '../../kafka/wire/tls-options.ts';
import { authoritiesIn, storeKind } from '../../kafka/wire/trust-store/trust-store.ts';
import type { PropertyReader } from './property-reader.ts';

/** TLS of a client: PEM in the properties or in files, PKCS #12, and trust stores of Java's own kind. */
export function tlsFrom(reader: PropertyReader): TlsSettings {
  const passphrase = reader.text('ssl.key.password') ?? reader.text('ssl.keystore.password');
  const ca = trusted(reader);
  const checks = checksOf(reader);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...ownCertificate(reader),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(checks === undefined ? {} : { checks }),
  };
}

function checksOf(reader: PropertyReader): TlsSettings['checks'] {
  if (reader.flag('enable.ssl.certificate.verification') === false) return 'nothing';
  const name = 'ssl.endpoint.identification.algorithm';
  const isOff = reader.has(name) && (reader.choice(name, ['https', 'none']) ?? 'none') === 'none';
  return isOff ? 'signature' : undefined;
}

function trusted(reader: PropertyReader): string | undefined {
  const pem = reader.text('ssl.truststore.certificates');
  if (pem !== undefined) return withLines(pem);
  const name = 'ssl.truststore.location';
  const path = reader.text(name);
  const password = reader.text('ssl.truststore.password') ?? '';
  return path === undefined ? undefined : authoritiesIn(fileOf(name, path), password, `${name}: ${path}`);
}

function ownCertificate(reader: PropertyReader): Pick<TlsSettings, 'certificate' | 'privateKey' | 'keyStore'> {
  const certificate = reader.text('ssl.keystore.certificate.chain') ?? textOf(reader, 'ssl.certificate.location');
  const privateKey = reader.text('ssl.keystore.key') ?? textOf(reader, 'ssl.key.location');
  if (certificate !== undefined || privateKey !== undefined)
    return {
      ...(certificate === undefined ? {} : { certificate: withLines(certificate) }),
      ...(privateKey === undefined ? {} : { privateKey: withLines(privateKey) }),
    };
  const name = 'ssl.keystore.location';
  const path = reader.text(name);
  if (path === undefined) return {};
  const file = fileOf(name, path);
  const kind = storeKind(file);
  // Kafka's PEM key stores hold the key and the chain in one file.
  if (kind === 'PEM') return { certificate: file.toString('utf8'), privateKey: file.toString('utf8') };
  if (kind === 'PKCS12') return { keyStore: file };
  const help = `keytool -importkeystore -srckeystore ${path} -destkeystore client.p12 -deststoretype PKCS12`;
  return reader.refuse(name, `PEM or PKCS #12 (${help})`, kind ?? `something else in ${path}`);
}

/** PEM on one line, as it stands in a properties file of some tools. */
function withLines(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}

function textOf(reader: PropertyReader, name: string): string | undefined {
  const path = reader.text(name);
  return path === undefined ? undefined : fileOf(name, path).toString('utf8');
}

function fileOf(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new MillraceError('FILE_READ_FAILED', `${name}: could not read ${path}: ${messageOf(cause)}`, { cause });
  }
}
