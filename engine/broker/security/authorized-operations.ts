import type { Operation } from './operation.ts';
import { operationCodes } from './operation.ts';

/** The operations that make sense on a resource, in the order of their numbers (KIP-430). */
export const operationsByType = {
  topic: ['read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'],
  group: ['read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'],
  cluster: ['create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'],
} as const satisfies Readonly<Record<string, readonly Operation[]>>;

/** Operations as a set of bits. */
export function operationBits(operations: readonly Operation[]): number {
  return operations.reduce((set, name) => set | (1 << operationCodes[name]), 0);
}

/** What somebody may do who may do everything, one bit for each operation. */
export const authorizedOperations = {
  topic: operationBits(operationsByType.topic),
  group: operationBits(operationsByType.group),
  cluster: operationBits(operationsByType.cluster),
} as const;

/** In place of bits: the client did not ask. */
export const operationsNotAsked = -2_147_483_648;
