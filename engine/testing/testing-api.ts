// What `millrace/testing` offers. The build ships this file as its types, so it imports nothing.

/** How a cluster for tests is started. */
export interface TestClusterOptions {
  /** 1 (the default) to 9; three or more go on without one of them. */
  readonly brokers?: number;
  /** Settings of every broker, by Kafka's names: `{ 'num.partitions': 3 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Where its data live, so that they are there for the next start; a temporary folder, removed by `stop`, without it. */
  readonly dataFolder?: string;
  /** One port for each broker; free ones without it. */
  readonly ports?: readonly number[];
}

/** A Kafka cluster that runs for tests, one process for each broker. */
export interface TestCluster {
  /** `host:port` of every broker, with commas, as Kafka clients take them. */
  readonly bootstrapServers: string;
  readonly clusterId: string;
  /** Ends broker `id` (from 1) as a crash would; it stays down until `restart`. */
  kill(id: number): Promise<void>;
  /** Starts a broker that is down, or one that runs anew. Resolves when it is ready. */
  restart(id: number): Promise<void>;
  /** Freezes a broker, or lets it go on; false where the system cannot do that. */
  freeze(id: number, frozen: boolean): boolean;
  /** Ends all brokers. A second call waits for the first. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a cluster and resolves when every broker is ready. Rejects with an error that has a `code`. Needs Node.js 24. */
export declare function startCluster(options?: TestClusterOptions): Promise<TestCluster>;
