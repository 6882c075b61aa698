import { resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { streamLogSink } from '../../host/json-log-sink.ts';
import { userClusterFolder } from '../../host/user-folder.ts';
import type { Command, Invocation } from '../command.ts';
import { flagOption, numberOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

const log = createLog(streamLogSink(process.stderr), {}, 'warn');

/** Starts the user's cluster, or one in the folder that `--data` names. */
async function startOwnCluster(invocation: Invocation) {
  const { startCluster } = await import('../../broker/node/supervisor/start-cluster.ts');
  const { readClusterFile } = await import('../../broker/node/supervisor/cluster-file.ts');
  const dataFolder = textOption(invocation, 'data') ?? userClusterFolder(invocation.environment);
  const known = readClusterFile(resolve(dataFolder))?.brokers.length;
  const brokers = numberOption(invocation, 'brokers', { min: 1, max: 9 }) ?? known ?? 3;
  return startCluster({ brokers, dataFolder, log });
}

/** The designer opens all the same and shows what is wrong; here it is one line. */
async function noteUnreadable(projectPath: string | undefined, output: Invocation['output']): Promise<void> {
  if (projectPath === undefined) return;
  const { openSource } = await import('../../bundle/open-source.ts');
  try {
    openSource(projectPath).close();
  } catch (error) {
    output.note(`project: ${messageOf(error)}`);
  }
}

/** `millrace studio`: the designer with a cluster of its own, until Ctrl+C. */
export const studio: Command = {
  positionals: [{ name: 'project', help: 'Project folder' }],
  options: {
    port: { type: 'string', value: 'number', help: 'Port of the designer on this machine; any free one by default' },
    brokers: { type: 'string', value: 'count', help: 'Brokers of the cluster; 3 by default' },
    data: {
      type: 'string',
      value: 'folder',
      help: 'Where the cluster lives; the folder cluster in ~/.millrace by default',
    },
    'no-cluster': { type: 'boolean', help: 'Start no cluster' },
    'no-open': { type: 'boolean', help: 'Open no browser' },
  },
  async run(invocation) {
    const { output, interrupted } = invocation;
    const port = numberOption(invocation, 'port', { min: 0, max: 65_535 }) ?? 0;
    const projectPath = invocation.positionals[0] === undefined ? undefined : resolve(invocation.positionals[0]);
    const { startStudio } = await import('../../studio/main.ts');
    const { studioCluster } = await import('../studio-cluster.ts');
    const cluster = flagOption(invocation, 'no-cluster') ? undefined : await startOwnCluster(invocation);
    try {
      const studio = await startStudio({
        projectPath,
        port,
        cluster: cluster && studioCluster(cluster),
        open: !flagOption(invocation, 'no-open'),
        log,
      });
      const bootstrap = cluster?.status().bootstrapServers ?? null;
      output.result({ url: studio.url, bootstrap }, `Millrace is open at ${studio.url} (Ctrl+C stops it)`);
      if (bootstrap) output.note(`Kafka clients reach the cluster at ${bootstrap}`);
      await noteUnreadable(projectPath, output);
      if (!interrupted.aborted)
        await new Promise((done) => interrupted.addEventListener('abort', done, { once: true }));
      await studio.stop();
    } finally {
      await cluster?.stop();
    }
    return exitCode.ok;
  },
};
