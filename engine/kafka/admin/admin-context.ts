import type { KafkaConnection } from '../connection.ts';
import { hasProtocolError, WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';

/** What every call of an admin works with. */
export interface AdminContext {
  readonly client: ClusterClient;
  readonly connection: KafkaConnection;
}

/** Tries of one call; with their pauses they span a change of leader or controller. */
const triesMax = 5;
/** How long the controller may take for a change, in milliseconds. */
export const changeWaitMsMax = 30_000;

/** Repeats a call that failed in a way that time can heal. */
export async function retried<T>({ connection }: AdminContext, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WireFault) || !error.retriable || attempt >= triesMax) throw error;
      await connection.pause(attempt);
    }
  }
}

/** The same for a call to a group's coordinator, which is looked for anew when it has moved. */
export function coordinated<T>(context: AdminContext, group: string, call: (broker: number) => Promise<T>): Promise<T> {
  return retried(context, async () => {
    const broker = await context.client.coordinator('group', group);
    try {
      return await call(broker);
    } catch (error) {
      const hasMoved =
        hasProtocolError(error, 'NOT_COORDINATOR') || hasProtocolError(error, 'COORDINATOR_NOT_AVAILABLE');
      if (hasMoved || (error instanceof WireFault && error.retriable)) context.client.forgetCoordinator('group', group);
      throw error;
    }
  });
}

/** Calls something on every broker at once; brokers that fail are left out, unless all do. */
export async function onEveryBroker<T>(
  { client, connection }: AdminContext,
  call: (broker: number) => Promise<T>,
): Promise<T[]> {
  if (client.metadata.brokers.size === 0) await client.metadata.require([], { fresh: true });
  const answers = await Promise.allSettled([...client.metadata.brokers.keys()].map(call));
  const found = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed && found.length === 0) throw failed.reason;
  if (failed) connection.host.log.warn('a broker did not answer and is left out', { error: String(failed.reason) });
  return found;
}
