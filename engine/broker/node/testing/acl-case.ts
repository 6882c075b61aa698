/** One try of a request: the rights that the client has, and what Apache Kafka 4.4.0 was seen to answer. */
export interface AclProbe {
  /** `READ TOPIC t`; the cluster has no name: `ALTER CLUSTER -`. */
  readonly acls: 'none' | readonly string[];
  /** By path: `topics[].errorCode`, error codes by name; a list where rows differ, `empty` for an array without rows. */
  readonly answer: Readonly<Record<string, string | number | readonly (string | number)[]>>;
}

export interface AclCase {
  readonly key: number;
  readonly api: string;
  readonly version: number;
  readonly case?: string;
  readonly probes: readonly AclProbe[];
}
