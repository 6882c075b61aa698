import type { MessageOf } from '../../schema.ts';
import { bool, message, string } from '../../schema.ts';

/** Who a request in an envelope comes from (KIP-590): its version as an int16 and then this. */
export const defaultPrincipalData = message(
  { name: 'DefaultPrincipalData', versions: '0', flexible: '0+' },
  { type: string('0+'), name: string('0+'), tokenAuthenticated: bool('0+') },
);
export type DefaultPrincipalData = MessageOf<typeof defaultPrincipalData>;
