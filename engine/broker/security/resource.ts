/** What rights are for (Kafka's ResourceType), with Kafka's numbers. */
export const resourceTypeCodes = {
  topic: 2,
  group: 3,
  cluster: 4,
  transactionalId: 5,
  delegationToken: 6,
  user: 7,
} as const;

export type ResourceType = keyof typeof resourceTypeCodes;

/** The only name that the cluster has as a resource. */
export const clusterName = 'kafka-cluster';

/** In a literal rule: every name. */
export const anyName = '*';
