import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import activity from './activity.ts';
import { checkFile, readFileRecords } from './read-file-records.ts';
import { RecordFeed } from './record-feed.ts';
import { sortRecords } from './sort-records.ts';

/** Opens the file, sorts it where asked, and feeds its records at the chosen rate. */
export const runtime = starterRuntime(activity, async (config, host) => {
  const path = host.resolvePath(config.path);
  const keyOf = config.orderBy?.trim() ? host.compile(config.orderBy) : undefined;
  await checkFile(path, config);
  const records = async function* (): AsyncGenerator<unknown> {
    if (!keyOf) yield* readFileRecords(path, config);
    else yield* await sortRecords(await collect(readFileRecords(path, config)), keyOf, config.path);
  };
  return new RecordFeed(records, { file: config.path, ratePerSecond: config.ratePerSecond, clock: host.clock });
});

async function collect(records: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const record of records) all.push(record);
  return all;
}
