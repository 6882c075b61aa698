import type { Operation } from './operation.ts';
import { operationCodes } from './operation.ts';

function bits(...operations: readonly Operation[]): number {
  return operations.reduce((set, name) => set | (1 << operationCodes[name]), 0);
}

/** What a client may do, one bit for each operation (KIP-430): everything, as nobody's rights are limited here. */
export const authorizedOperations = {
  topic: bits('read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'),
  group: bits('read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'),
  cluster: bits('create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'),
  /** The client did not ask. */
  notAsked: -2_147_483_648,
} as const;
