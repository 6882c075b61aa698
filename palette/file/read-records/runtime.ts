import { open, stat } from 'node:fs/promises';
import { MillraceError } from '../../../engine/base/errors.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import activity from './activity.ts';
import { HeldFile } from './held-file.ts';
import { readFileRecords } from './read-file-records.ts';
import { RecordFeed } from './record-feed.ts';
import { sortRecords } from './sort-records.ts';

/** Opens the file, sorts it where asked, and feeds its records at the chosen rate. */
export const runtime = starterRuntime(activity, async (config, host) => {
  const path = host.resolvePath(config.path);
  const keyOf = config.orderBy?.trim() ? host.compile(config.orderBy) : undefined;
  await checkFile(
    path,
    keyOf ? { ...config, fileBytesMax: Math.min(config.fileBytesMax, config.sortBytesMax) } : config,
  );
  const records = async function* (): AsyncGenerator<readonly unknown[]> {
    const skipped = { count: 0, first: '' };
    let count = 0;
    const file = new HeldFile(() => open(path));
    try {
      const read = readFileRecords(() => file.bytes(), config, skipped);
      for await (const some of keyOf ? sorted(read, keyOf, config.path) : read) {
        count += some.length;
        yield some;
      }
    } finally {
      await file.close();
    }
    host.metrics.count('records_skipped_total', skipped.count);
    if (skipped.count)
      host.log.warn(`${config.path}: ${skipped.count} records were skipped`, {
        skipped: skipped.count,
        first: skipped.first,
      });
    if (count === 0) host.log.warn(`${config.path}: the file has no records`, { file: config.path });
  };
  return new RecordFeed(records, { file: config.path, ratePerSecond: config.ratePerSecond, clock: host.clock });
});

async function* sorted(
  read: AsyncIterable<readonly unknown[]>,
  keyOf: (record: unknown) => unknown,
  file: string,
): AsyncGenerator<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const some of read) all.push(...some);
  yield await sortRecords(all, keyOf, file);
}

/** Throws FILE_NOT_FOUND or FILE_TOO_LARGE, so that a run fails when it starts and not later. */
async function checkFile(
  path: string,
  { path: shown, fileBytesMax }: ConfigOfDeclaration<typeof activity>,
): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new MillraceError('FILE_NOT_FOUND', `expected a file ${shown} in the project folder, but found none`, {
      cause,
    });
  });
  if (!found.isFile()) throw new MillraceError('FILE_NOT_FOUND', `expected a file at ${shown}, but found a folder`);
  if (found.size > fileBytesMax)
    throw new MillraceError(
      'FILE_TOO_LARGE',
      `expected at most ${fileBytesMax} bytes in ${shown}, but found ${found.size}`,
    );
}
