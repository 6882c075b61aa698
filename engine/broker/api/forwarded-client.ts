import type { Principal } from '../security/principal.ts';

/** Whose request a broker hands to the controller, and in which version it came: it is forwarded in that one. */
export interface ForwardedClient {
  readonly principal: Principal;
  readonly clientId: string | null;
  readonly apiVersion: number;
}
