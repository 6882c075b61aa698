/** What rights are given for (Kafka's AclOperation), with Kafka's numbers. */
export const operationCodes = {
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
  createTokens: 13,
  describeTokens: 14,
  twoPhaseCommit: 15,
} as const;

export type Operation = keyof typeof operationCodes;

/** In a rule: every operation. */
export const allOperations = 2;
