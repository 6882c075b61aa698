/** Kafka's numbers of the operations that rights are given for (AclOperation). */
const operation = {
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
} as const;

function bits(...operations: readonly (keyof typeof operation)[]): number {
  return operations.reduce((set, name) => set | (1 << operation[name]), 0);
}

/** What a client may do, one bit for each operation (KIP-430): everything, as nobody's rights are limited here. */
export const authorizedOperations = {
  topic: bits('read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'),
  group: bits('read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'),
  cluster: bits('create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'),
  /** The client did not ask. */
  notAsked: -2_147_483_648,
} as const;
