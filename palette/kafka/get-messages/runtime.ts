import type { Clock } from '../../../engine/base/clock.ts';
import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import declaration from './activity.ts';
import { messageOf } from './read-message.ts';
import { partitionsOf, readPlace } from './read-place.ts';

type Config = ConfigOfDeclaration<typeof declaration>;

/** Reads with a reader of its own for each execution, so that executions beside each other have nothing to do with each other. */
export const runtime = activityRuntime(declaration, (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  const partitions = partitionsOf(config.partitions);
  return {
    execute: async (input, { signal }) => {
      const count = countOf(input.count) ?? config.count;
      const place = readPlace(config, input, count);
      const topic = typeof input.topic === 'string' && input.topic !== '' ? input.topic : config.topic;
      const arrivals = new Arrivals();
      const { from } = place;
      const settings = { topic, partitions, from, untilEnd: false, isolation: config.isolation };
      const reader = new AssignedReader(connection, settings, () => arrivals.tell());
      const stop = () => arrivals.end();
      signal.addEventListener('abort', stop);
      try {
        await reader.start();
        for (const [partition, offset] of place.byPartition) await reader.seek({ kind: 'offset', offset }, [partition]);
        const records = await read(reader, config, count, { clock: host.clock, arrivals });
        host.metrics.count('records_read_total', records.length);
        return outputOf(records, config, reader);
      } finally {
        signal.removeEventListener('abort', stop);
        await reader.close();
      }
    },
  };
});

function countOf(count: unknown): number | undefined {
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

/** Records may have come, or nothing more is waited for. */
class Arrivals {
  isOver = false;
  #tell = () => {};

  tell(): void {
    this.#tell();
  }

  end(): void {
    this.isOver = true;
    this.#tell();
  }

  next(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }
}

async function read(
  reader: AssignedReader,
  { waitMsMax, bytesMax }: Config,
  count: number,
  { clock, arrivals }: { readonly clock: Clock; readonly arrivals: Arrivals },
): Promise<ReceivedRecord[]> {
  const records: ReceivedRecord[] = [];
  let bytes = 0;
  const cancel = clock.after(waitMsMax, () => {
    // The bound is for the first one: what was there when it began is read, however long that takes.
    if (records.length === 0 && reader.isPastStart) arrivals.end();
    else arrivals.tell();
  });
  const deadline = clock.monotonic() + waitMsMax;
  try {
    for (;;) {
      const record = reader.next();
      if (record) {
        records.push(record);
        bytes += record.sizeBytes;
        if (records.length >= count || bytes >= bytesMax) return records;
        continue;
      }
      if (arrivals.isOver) return records;
      if (reader.isPastStart && (records.length > 0 || clock.monotonic() >= deadline)) return records;
      await arrivals.next();
    }
  } finally {
    cancel();
  }
}

function outputOf(records: readonly ReceivedRecord[], config: Config, reader: AssignedReader) {
  const messages = records.map((record) => messageOf(record, config));
  return { count: messages.length, messages, next: reader.positions() };
}
