import { authorizedOperations } from './authorized-operations.ts';
import type { Operation } from './operation.ts';
import type { Principal } from './principal.ts';
import { clusterPrincipal } from './principal.ts';
import type { ResourceType } from './resource.ts';

/** Who asks, and from where. */
export interface Requester {
  readonly principal: Principal;
  /** The client's address without its port. */
  readonly host: string;
}

/** Decides who may do what. */
export interface Authorizer {
  mayDo(who: Requester, operation: Operation, type: ResourceType, name: string): boolean;
  /** Whether there is a name, known or not, on which `who` may do it. */
  mayDoSomewhere(who: Requester, operation: Operation, type: ResourceType): boolean;
  /** What `who` may do, one bit for each operation (KIP-430). */
  operationsOn(who: Requester, type: keyof typeof authorizedOperations, name: string): number;
}

/** No rules: everybody may do everything, except to act as a broker of the cluster. */
export const openAuthorizer: Authorizer = {
  mayDo: ({ principal }, operation) => operation !== 'clusterAction' || principal === clusterPrincipal,
  mayDoSomewhere: () => true,
  operationsOn: (_who, type) => authorizedOperations[type],
};
