import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { MillraceError } from '../../../engine/base/errors.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import activity from './activity.ts';
import type { RecordFile } from './read-file-records.ts';
import { readFileRecords } from './read-file-records.ts';
import { RecordFeed } from './record-feed.ts';
import { sortRecords } from './sort-records.ts';

/** Opens the file, sorts it where asked, and feeds its records at the chosen rate. */
export const runtime = starterRuntime(activity, async (config, host) => {
  const path = host.resolvePath(config.path);
  const keyOf = config.orderBy?.trim() ? host.compile(config.orderBy) : undefined;
  await checkFile(path, config);
  const file: RecordFile = {
    text: () => readFile(path, 'utf8'),
    chunks: () => createReadStream(path, 'utf8') as AsyncIterable<string>,
  };
  const records = async function* (): AsyncGenerator<unknown> {
    if (!keyOf) yield* readFileRecords(file, config);
    else yield* await sortRecords(await collect(readFileRecords(file, config)), keyOf, config.path);
  };
  return new RecordFeed(records, { file: config.path, ratePerSecond: config.ratePerSecond, clock: host.clock });
});

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

async function collect(records: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const record of records) all.push(record);
  return all;
}
