import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import { TransactionalProducer } from '../../../engine/kafka/transactional-producer.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import type { RuntimeHost } from '../../../engine/spi/runtime.ts';
import declaration from './activity.ts';
import { DeadLetters } from './dead-letters.ts';
import { ExactlyOnceStarter } from './exactly-once-starter.ts';
import { groupSettings } from './group-settings.ts';
import type { SourceListener } from './message-starter.ts';
import { MessageStarter } from './message-starter.ts';
import { shareSource } from './share-source.ts';
import { TransactionLine } from './transaction-line.ts';

/** Starts a job per record; offsets are committed in order after their jobs have ended well. */
export const runtime = starterRuntime(declaration, async (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  const { deadLetterTopic } = config;
  const topics = config.topics ?? [];
  const fault = (expected: string) => new MillraceError('CONFIG_INVALID', `${host.name}: expected ${expected}`);
  if (deadLetterTopic && topics.includes(deadLetterTopic))
    throw fault(`a Dead-letter topic that is not read as well, found ${deadLetterTopic}: it would never end`);
  if (config.readAs === 'queue' && config.subscribe === 'pattern')
    throw fault('Topics by their names in a queue, found a pattern');
  // One that is named is looked for now; one that takes its name from its topic is made when there is something to put there.
  await ensureTopics(connection, deadLetterTopic ? [...topics, deadLetterTopic] : topics);
  const deadLetters = new DeadLetters(connection, deadLetterTopic || undefined);
  if (config.readAs === 'queue') {
    const { groupId, fetchMinBytes, fetchWaitMsMax, recordsPerFetchMax: queuedRecordsMax } = config;
    const shares = { groupId, topics, fetchMinBytes, fetchWaitMsMax, queuedRecordsMax };
    return new MessageStarter(config, host, (listener) => shareSource(connection, shares, listener), deadLetters);
  }
  const settings = groupSettings(config, topics, fault);
  if (config.delivery === 'exactly-once')
    return new ExactlyOnceStarter(config, host, {
      connection,
      createSource: (listener) => new GroupConsumer(connection, { ...settings, commits: 'transactions' }, listener),
      line: transactionLine(connection, config, host),
      deadLetters,
    });
  const createSource = (listener: SourceListener) => new GroupConsumer(connection, settings, listener);
  return new MessageStarter(config, host, createSource, deadLetters);
});

function transactionLine(
  connection: KafkaConnection,
  { transactionalId, transactionTimeoutMs, groupId }: ConfigOfDeclaration<typeof declaration>,
  { clock, random }: RuntimeHost,
): TransactionLine {
  const ownId = `${groupId.slice(0, 200)}.${Buffer.from(random.bytes(8)).toString('hex')}`;
  const settings = { transactionalId: transactionalId || ownId, transactionTimeoutMs };
  return new TransactionLine({
    ...{ clock, transactionTimeoutMs, isNamed: transactionalId !== '' },
    create: () => new TransactionalProducer(connection, settings),
  });
}
