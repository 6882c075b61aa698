import type { QuorumServices } from '../quorum/quorum-services.ts';
import { liveBrokers } from './cluster-view.ts';

/** Longest that an answer waits for this broker to see what the controller has done. */
const metadataWaitMsMax = 1_000;

/** Waits until the topics are in this broker's metadata too, so that a client that asks it next finds them. */
export async function awaitTopics(quorum: QuorumServices, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await quorum.until((image) => names.every((name) => image.topics.has(name)), metadataWaitMsMax);
}

/** Waits while a cluster starts until enough brokers are in service to hold `count` replicas. */
export async function awaitBrokers(quorum: QuorumServices, count: number): Promise<void> {
  await quorum.until((image) => liveBrokers(image).length >= count, metadataWaitMsMax);
}
