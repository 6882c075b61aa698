import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What a key or trust store holds, as PEM: the chain begins with the certificate of the key. */
export interface StoredKeys {
  readonly privateKey?: string;
  readonly certificates: readonly string[];
}

const certificateForm =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
const keyForm = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )*PRIVATE KEY-----/;

/**
 * Key and certificates in PEM text. In one line of a setting a line may end in a backslash and an n.
 * @throws Error where something in it cannot be read
 */
export function readPem(text: string, keyPassword: string | undefined): StoredKeys {
  const lines = text.replaceAll('\\n', '\n');
  const certificates = lines.match(certificateForm) ?? [];
  for (const certificate of certificates) new X509Certificate(certificate);
  const key = keyForm.exec(lines)?.[0];
  if (key === undefined) return { certificates };
  const passphrase = keyPassword === undefined ? {} : { passphrase: keyPassword };
  const privateKey = createPrivateKey({ key, ...passphrase })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
  return { privateKey, certificates };
}

/**
 * The certificate of the key first, then who signed it; a store may hold them in any order.
 * @throws Error where no certificate is that of the key
 */
export function chainOf({ privateKey, certificates }: StoredKeys): readonly string[] {
  if (privateKey === undefined) throw new Error('expected a private key, found none');
  const key = createPrivateKey(privateKey);
  const own = certificates.find((certificate) => new X509Certificate(certificate).checkPrivateKey(key));
  if (own === undefined) throw new Error('expected the certificate of the private key, found none');
  return [own, ...certificates.filter((certificate) => certificate !== own)];
}
