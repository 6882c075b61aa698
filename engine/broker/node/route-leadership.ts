import type { LeadershipListener } from '../replica/leadership-listeners.ts';

/** Who keeps its state in a topic: it is told which of the topic's partitions this broker leads. */
export interface TopicCoordinator {
  elected(partition: number, leaderEpoch: number): Promise<void>;
  resigned(partition: number): void;
}

/** Tells each coordinator of the leaderships of its topic; those of other topics are nobody's. */
export function routeLeadership(
  replicas: { onLeadership(listener: LeadershipListener): void },
  coordinators: ReadonlyMap<string, TopicCoordinator>,
): void {
  replicas.onLeadership({
    elected: (topic, partition, leaderEpoch) => void coordinators.get(topic)?.elected(partition, leaderEpoch),
    resigned: (topic, partition) => coordinators.get(topic)?.resigned(partition),
  });
}
