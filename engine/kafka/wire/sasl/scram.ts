import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WireFault } from '../../kafka-error.ts';
import type { PasswordSettings } from './sasl-settings.ts';

const derive = promisify(pbkdf2);
/** Fewer iterations would give the password away to a forged broker; this is Kafka's own least. */
const iterationsMin = 4_096;
/** More would let a forged broker keep us computing: a million takes about a second. */
const iterationsMax = 1_000_000;
/** `n,,`: no channel binding, no other identity (RFC 5802). */
const gs2Header = 'n,,';

/** One SCRAM exchange (RFC 5802, RFC 7677): proves that we know the password, and that the broker knows what belongs to it. */
export class ScramExchange {
  readonly #settings: PasswordSettings;
  readonly #hash: 'sha256' | 'sha512';
  readonly #nonce: string;
  readonly #firstBare: string;
  #serverSignature: Buffer | undefined;

  constructor(settings: PasswordSettings, nonce: string) {
    this.#settings = settings;
    this.#hash = settings.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
    this.#nonce = nonce;
    this.#firstBare = `n=${settings.username.replace(/=/g, '=3D').replace(/,/g, '=2C')},r=${nonce}`;
  }

  first(): Buffer {
    return Buffer.from(gs2Header + this.#firstBare);
  }

  /** Answers the broker's challenge. Throws KAFKA_AUTHENTICATION_FAILED when it is none that a true broker sends. */
  async proof(challenge: Buffer): Promise<Buffer> {
    const serverFirst = challenge.toString('utf8');
    const fields = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=(\d+)(?:,.*)?$/.exec(serverFirst);
    if (!fields) throw refuse('expected a SCRAM challenge with r, s and i');
    const [, nonce, salt, count] = fields as unknown as [string, string, string, string];
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw refuse("the broker's nonce does not continue ours");
    const iterations = Number(count);
    if (iterations < iterationsMin || iterations > iterationsMax)
      throw refuse(`expected ${iterationsMin} to ${iterationsMax} iterations, found ${count}`);
    const length = this.#hash === 'sha256' ? 32 : 64;
    const salted = await derive(this.#settings.password, Buffer.from(salt, 'base64'), iterations, length, this.#hash);
    const withoutProof = `c=${Buffer.from(gs2Header).toString('base64')},r=${nonce}`;
    const message = `${this.#firstBare},${serverFirst},${withoutProof}`;
    const clientKey = this.#hmac(salted, 'Client Key');
    const storedKey = createHash(this.#hash).update(clientKey).digest();
    const clientSignature = this.#hmac(storedKey, message);
    const proof = clientKey.map((byte, index) => byte ^ clientSignature[index]!);
    this.#serverSignature = this.#hmac(this.#hmac(salted, 'Server Key'), message);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  /** Checks that the broker knows the password too: else it is not the one we meant. */
  verify(answer: Buffer): void {
    const text = answer.toString('utf8');
    if (text.startsWith('e=')) throw refuse(text.slice(2));
    const signature = Buffer.from(/^v=([A-Za-z0-9+/]+={0,2})/.exec(text)?.[1] ?? '', 'base64');
    const expected = this.#serverSignature;
    if (!expected || signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw refuse('the broker could not prove that it knows the password');
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest();
  }
}

function refuse(text: string): WireFault {
  return new WireFault('KAFKA_AUTHENTICATION_FAILED', `SCRAM: ${text}`);
}
