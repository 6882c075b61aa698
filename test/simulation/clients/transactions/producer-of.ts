import { MillraceError } from '../../../../engine/base/errors.ts';
import { silentLog } from '../../../../engine/base/log.ts';
import { KafkaConnection } from '../../../../engine/kafka/connection.ts';
import { TransactionalProducer } from '../../../../engine/kafka/transactional-producer.ts';
import { portOf } from '../../world/machine.ts';
import type { KafkaClient } from '../kafka-client.ts';

/** Shorter than any run: what a producer leaves behind is aborted in time. */
export const transactionTimeoutMs = 8_000;
const coordinatorWaitMsMax = 20_000;
const deliveryWaitMsMax = 20_000;

/** The engine's own transactional producer in the simulated world. */
export function producerOf(client: KafkaClient, transactionalId: string): TransactionalProducer {
  const { world, host, random } = client;
  const bootstrapServers = Array.from({ length: world.options.brokers }, (_, index) => `sim:${portOf(index + 1)}`);
  const connection = new KafkaConnection(
    {
      name: client.name,
      transport: 'tcp',
      bootstrapServers: bootstrapServers.join(','),
      clientId: client.name,
      requestTimeoutMs: 5_000,
      connectWaitMsMax: 2_500,
      metadataMaxAgeMs: 3_000,
    },
    { clock: host.clock, random, log: silentLog, dialer: world.net.dialerOf(host, false) },
  );
  const settings = {
    transactionalId,
    transactionTimeoutMs,
    coordinatorWaitMsMax,
    deliveryWaitMsMax,
    batchRecordsMax: 3,
  };
  return new TransactionalProducer(connection, settings);
}

/** What came of an end: it is repeated until that is known, or cannot be. */
export async function ended(client: KafkaClient, end: () => Promise<void>): Promise<'done' | MillraceError> {
  while (!client.isStopped) {
    const failure = await end().catch((error: unknown) => error);
    if (failure === undefined) return 'done';
    if (!(failure instanceof MillraceError)) throw failure;
    client.trace(`could not end its transaction: ${failure.message}`);
    if (!failure.retriable) return failure;
    await client.sleep(100);
  }
  return new MillraceError('STOPPED', 'the client stops');
}

/** Whether only a new producer can go on. */
export function isOver(failure: unknown): boolean {
  return failure instanceof MillraceError && failure.details.recovery !== 'abort';
}
