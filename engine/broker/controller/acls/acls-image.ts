import type { Acl } from '../../security/acl.ts';

/** Rules by their id. */
export type AclsImage = ReadonlyMap<string, Acl>;
