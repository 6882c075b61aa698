import { timingSafeEqual } from 'node:crypto';
import type { SaslExchange, SaslOutcome, ScramMechanism } from './sasl-mechanism.ts';
import { invalidCredentials, otherAuthorizationId } from './sasl-mechanism.ts';
import type { ScramCredential } from './scram-keys.ts';
import { scramHash, scramHmac } from './scram-keys.ts';

export interface ScramExchangeOptions {
  readonly mechanism: ScramMechanism;
  readonly credentialOf: (userName: string) => ScramCredential | undefined;
  /** New for each exchange: printable ASCII without a comma. */
  readonly serverNonce: string;
}

/** `n,,n=user,r=nonce`: no channel binding; extensions behind the nonce mean nothing here. */
const clientFirstForm = /^(n,(?:a=((?:[^=,]|=2C|=3D)*))?,)(n=((?:[^=,]|=2C|=3D)+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/;
const clientFinalForm = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[^p].*)?),p=([A-Za-z0-9+/]+={0,2})$/;

/** What the client said first. */
interface Begun {
  readonly userName: string;
  readonly gs2Header: string;
  /** The nonces that the last token may bear. */
  readonly nonces: readonly string[];
  readonly credential: ScramCredential;
  /** The messages so far, as they are signed. */
  readonly messages: string;
}

/** The broker's side of SCRAM (RFC 5802): proves that both know the password, which neither sends. */
export class ScramServerExchange implements SaslExchange {
  readonly #options: ScramExchangeOptions;
  #begun: Begun | undefined;

  constructor(options: ScramExchangeOptions) {
    this.#options = options;
  }

  next(token: Buffer): SaslOutcome {
    const text = token.toString('utf8');
    return this.#begun ? this.#finish(text, this.#begun) : this.#begin(text);
  }

  #begin(text: string): SaslOutcome {
    const fields = clientFirstForm.exec(text);
    if (!fields) return this.#refused();
    const [, gs2Header = '', authorizationId = '', bare = '', saslName = '', clientNonce = ''] = fields;
    const userName = nameOf(saslName);
    const credential = this.#options.credentialOf(userName);
    if (!credential) return this.#refused();
    if (authorizationId !== '' && nameOf(authorizationId) !== userName)
      return { kind: 'refused', message: otherAuthorizationId };
    const nonce = clientNonce + this.#options.serverNonce;
    const answer = `r=${nonce},s=${credential.salt.toString('base64')},i=${credential.iterations}`;
    // librdkafka before 2.6.1 puts its own nonce in front once more. It is bound to this exchange either way.
    const nonces = [nonce, clientNonce + nonce];
    this.#begun = { userName, gs2Header, nonces, credential, messages: `${bare},${answer}` };
    return { kind: 'goes on', answer: Buffer.from(answer) };
  }

  #finish(text: string, { userName, gs2Header, nonces, credential, messages }: Begun): SaslOutcome {
    const { mechanism } = this.#options;
    const fields = clientFinalForm.exec(text);
    const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = fields ?? [];
    if (!fields || !nonces.includes(nonce) || Buffer.from(binding, 'base64').toString() !== gs2Header)
      return this.#refused();
    const signed = `${messages},${withoutProof}`;
    const signature = scramHmac(mechanism, credential.storedKey, signed);
    const proof = Buffer.from(proofText, 'base64');
    if (proof.length !== signature.length) return this.#refused();
    const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] ?? 0)));
    if (!timingSafeEqual(scramHash(mechanism, clientKey), credential.storedKey)) return this.#refused();
    const answer = `v=${scramHmac(mechanism, credential.serverKey, signed).toString('base64')}`;
    return { kind: 'proved', answer: Buffer.from(answer), userName };
  }

  #refused(): SaslOutcome {
    return { kind: 'refused', message: invalidCredentials(this.#options.mechanism) };
  }
}

function nameOf(saslName: string): string {
  return saslName.replace(/=2C/g, ',').replace(/=3D/g, '=');
}
