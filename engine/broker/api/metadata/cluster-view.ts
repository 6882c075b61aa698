/** Where one listener of a broker is reached. */
export interface EndPointView {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A broker as clients see it. */
export interface BrokerView {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly endPoints: readonly EndPointView[];
  readonly rack: string | null;
  /** Fenced brokers are registered but not in service; clients are not told of them. */
  readonly fenced: boolean;
}

export interface PartitionView {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 when there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

export interface TopicView {
  readonly id: string;
  readonly name: string;
  /** Index = partition id. */
  readonly partitions: readonly PartitionView[];
}

/** What answering clients about the cluster needs; the controller's metadata image is one. */
export interface ClusterView {
  readonly clusterId: string;
  readonly brokers: ReadonlyMap<number, BrokerView>;
  readonly topics: ReadonlyMap<string, TopicView>;
  readonly topicsById: ReadonlyMap<string, TopicView>;
}

/**
 * Where a client that came in on a listener reaches a broker: on the same listener of it; undefined where it has none. A connection without a
 * named listener reaches the first.
 */
export function endPointOf(
  broker: BrokerView,
  listener: string,
): { readonly host: string; readonly port: number } | undefined {
  return listener === '' ? broker : broker.endPoints.find(({ name }) => name === listener);
}

/** The cluster as a client that came in on a listener reaches it: brokers without that listener are not there. */
export function viewThrough(view: ClusterView, listener: string): ClusterView {
  if (listener === '') return view;
  const brokers = new Map<number, BrokerView>();
  for (const [id, broker] of view.brokers) {
    const endPoint = endPointOf(broker, listener);
    if (endPoint) brokers.set(id, { ...broker, host: endPoint.host, port: endPoint.port });
  }
  return { clusterId: view.clusterId, brokers, topics: view.topics, topicsById: view.topicsById };
}

/** Brokers that clients may use, ascending by id. */
export function liveBrokers(view: ClusterView): readonly BrokerView[] {
  return [...view.brokers.values()].filter((broker) => !broker.fenced).sort((a, b) => a.id - b.id);
}

/**
 * The controller that clients are told: the active one when it is listed, else this broker, which forwards. Never an id that
 * is not listed: kafkajs sends admin calls there.
 */
export function controllerForClients(view: ClusterView, activeControllerId: number, brokerId: number): number {
  const listed = (id: number) => view.brokers.get(id)?.fenced === false;
  if (listed(activeControllerId)) return activeControllerId;
  if (listed(brokerId)) return brokerId;
  return liveBrokers(view)[0]?.id ?? -1;
}
