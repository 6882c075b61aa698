import type { Operation } from './operation.ts';
import type { Principal } from './principal.ts';
import { clusterPrincipal } from './principal.ts';

/** What a right is for. */
export interface Resource {
  readonly type: 'topic' | 'group' | 'cluster' | 'transactionalId';
  readonly name: string;
}

/** The cluster itself, under the only name that it has in Kafka's rules. */
export const clusterResource: Resource = { type: 'cluster', name: 'kafka-cluster' };

/** Decides who may do what. */
export interface Authorizer {
  /** `host`: the client's address without its port. */
  mayDo(principal: Principal, host: string, operation: Operation, resource: Resource): boolean;
}

/** No rules: everybody may do everything, except to act as a broker of the cluster. */
export const openAuthorizer: Authorizer = {
  mayDo: (principal, _host, operation) => operation !== 'clusterAction' || principal === clusterPrincipal,
};
