import type { ControllerView, Plan } from '../controller-view.ts';
import { newBrokerChange } from '../new-record.ts';
import { planLeadershipChanges } from '../partitions/leadership-changes.ts';

/** Fences a broker that is no longer heard: its partitions get other leaders, and it leaves the in-sync sets. */
export function planFenceBroker(view: ControllerView, brokerId: number): Plan<undefined> {
  const broker = view.image.brokers.get(brokerId);
  if (!broker || broker.fenced) return { records: [], reply: undefined };
  const changes = planLeadershipChanges(view, { leaving: brokerId });
  return { records: [newBrokerChange(broker, { fenced: true }), ...changes], reply: undefined };
}
