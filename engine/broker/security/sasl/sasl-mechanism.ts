/** The SCRAM mechanisms (RFC 5802, RFC 7677) with Kafka's numbers and Node's names of their hashes. */
export const scramMechanisms = {
  'SCRAM-SHA-256': { code: 1, hash: 'sha256' },
  'SCRAM-SHA-512': { code: 2, hash: 'sha512' },
} as const;

export type ScramMechanism = keyof typeof scramMechanisms;
export type SaslMechanism = 'PLAIN' | 'OAUTHBEARER' | ScramMechanism;

/** Those that need nothing but users. */
export const standardMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];
export const saslMechanisms: readonly SaslMechanism[] = [...standardMechanisms, 'OAUTHBEARER'];

/** The mechanism of a name; undefined for one that is not served. */
export function saslMechanismOf(name: string): SaslMechanism | undefined {
  return saslMechanisms.find((mechanism) => mechanism === name);
}

/** What follows a token of the client. */
export type SaslOutcome =
  /** The answer, after which the client has another token to send. */
  | { readonly kind: 'goes on'; readonly answer: Buffer }
  /** The client is who it says, and is told so by the answer. */
  | {
      readonly kind: 'proved';
      readonly answer: Buffer;
      readonly userName: string;
      /** How long the proof holds, in ms, where it runs out by itself. */
      readonly remainingMs?: number;
    }
  /** Kafka's words: they are what the client's user reads. */
  | { readonly kind: 'refused'; readonly message: string };

/** One try to log in with one mechanism. */
export interface SaslExchange {
  next(token: Buffer): SaslOutcome;
}

/** Kafka's one text for everything, so that nobody learns what was wrong. */
export function invalidCredentials(mechanism: SaslMechanism): string {
  return `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`;
}

/** Kafka says it for PLAIN and SCRAM alike. */
export const otherAuthorizationId =
  'Authentication failed: Client requested an authorization id that is different from username';

const scramByCode = new Map<number, ScramMechanism>(
  (Object.keys(scramMechanisms) as ScramMechanism[]).map((name) => [scramMechanisms[name].code, name]),
);

/** The SCRAM mechanism of Kafka's number; undefined for one that does not exist. */
export function scramMechanismOf(code: number): ScramMechanism | undefined {
  return scramByCode.get(code);
}
