import type { Acl } from '../../security/acl.ts';
import type { RecordValue } from '../record-value.ts';
import type { AclsImage } from './acls-image.ts';

/** What records say of rules. */
export class AclsDelta {
  readonly #base: AclsImage;
  #acls: Map<string, Acl> | undefined;

  constructor(base: AclsImage) {
    this.#base = base;
  }

  get isChanged(): boolean {
    return this.#acls !== undefined;
  }

  build(): AclsImage {
    return this.#acls ?? this.#base;
  }

  put({ id, ...acl }: RecordValue<'AccessControlEntryRecord'>): void {
    this.#own().set(id, acl);
  }

  remove({ id }: RecordValue<'RemoveAccessControlEntryRecord'>): void {
    this.#own().delete(id);
  }

  #own(): Map<string, Acl> {
    this.#acls ??= new Map(this.#base);
    return this.#acls;
  }
}
