import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '../base/errors.ts';
import type * as api from './testing-api.ts';

const nodeMajorMin = 24;

/** `import { startCluster } from 'millrace/testing'`: testing-api.ts says what it does. */
export const startCluster: typeof api.startCluster = async ({ brokers = 1, settings, dataFolder, ports } = {}) => {
  if (Number(process.versions.node.split('.')[0]) < nodeMajorMin)
    throw new MillraceError(
      'NODE_TOO_OLD',
      `expected Node.js ${nodeMajorMin} or newer, found ${process.versions.node}`,
    );
  // Loaded behind the check: an older Node would fail on it with a page of noise.
  const { startCluster: superviseCluster } = await import('../broker/node/supervisor/start-cluster.ts');
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'millrace-testing-'));
  const cluster = await superviseCluster({
    brokers,
    dataFolder: folder,
    ...(settings && { settings }),
    ...(ports && { ports }),
  });
  let stopped: Promise<void> | undefined;
  const end = async () => {
    await cluster.stop();
    if (dataFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const stop = () => {
    stopped ??= end();
    return stopped;
  };
  try {
    await cluster.ready();
  } catch (error) {
    await stop();
    throw error;
  }
  const { bootstrapServers, clusterId } = cluster.status();
  return {
    bootstrapServers,
    clusterId,
    kill: (id) => cluster.kill(id),
    restart: (id) => cluster.restart(id),
    freeze: (id, frozen) => cluster.freeze(id, frozen),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
