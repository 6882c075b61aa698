/** Who asks. Kafka writes it `User:ANONYMOUS`. */
export interface Principal {
  readonly type: string;
  readonly name: string;
}

/** A client that has not said who it is. */
export const anonymous: Principal = { type: 'User', name: 'ANONYMOUS' };

/** The brokers of this cluster among themselves. No client becomes this one: whatever it proves, its principal is of type User. */
export const clusterPrincipal: Principal = { type: 'Cluster', name: 'broker' };

/** A principal as rules and settings name it: `User:alice`. */
export function principalText({ type, name }: Principal): string {
  return `${type}:${name}`;
}
