import type { ScramMechanism } from '../../security/sasl/sasl-mechanism.ts';
import type { ScramCredential } from '../../security/sasl/scram-keys.ts';

/** What is kept of the passwords of a user, by mechanism. */
export type UserCredentials = ReadonlyMap<ScramMechanism, ScramCredential>;

/** Credentials by user name. */
export type ScramImage = ReadonlyMap<string, UserCredentials>;
