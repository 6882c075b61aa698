import type { ScramMechanism } from '../../security/sasl/sasl-mechanism.ts';
import { scramMechanismOf } from '../../security/sasl/sasl-mechanism.ts';
import type { ScramCredential } from '../../security/sasl/scram-keys.ts';
import type { RecordValue } from '../record-value.ts';
import type { ScramImage, UserCredentials } from './scram-image.ts';

/** What records say of credentials. Those of mechanisms that this build does not know are passed over. */
export class ScramDelta {
  readonly #base: ScramImage;
  #users: Map<string, UserCredentials> | undefined;

  constructor(base: ScramImage) {
    this.#base = base;
  }

  build(): ScramImage {
    return this.#users ?? this.#base;
  }

  put({ name, mechanism, ...credential }: RecordValue<'UserScramCredentialRecord'>): void {
    this.#change(name, mechanism, credential);
  }

  remove({ name, mechanism }: RecordValue<'RemoveUserScramCredentialRecord'>): void {
    this.#change(name, mechanism, undefined);
  }

  #change(name: string, code: number, credential: ScramCredential | undefined): void {
    const mechanism = scramMechanismOf(code);
    if (!mechanism) return;
    this.#users ??= new Map(this.#base);
    const credentials = new Map<ScramMechanism, ScramCredential>(this.#users.get(name));
    if (credential) credentials.set(mechanism, credential);
    else credentials.delete(mechanism);
    if (credentials.size > 0) this.#users.set(name, credentials);
    else this.#users.delete(name);
  }
}
