import { resolve } from 'node:path';
import { MillraceError, messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { streamLogSink } from '../../host/json-log-sink.ts';
import { NodeClock } from '../../host/node-clock.ts';
import type { ClusterHandle } from '../../studio/cluster-handle.ts';
import { namedCluster } from '../bundled-cluster.ts';
import { brokersOf, brokersOption, clusterFolderOf, clusterFolderOption, preferredPorts } from '../cluster-folder.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command, Invocation } from '../command.ts';
import { flagOption, numberOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

const log = createLog(streamLogSink(process.stderr), {}, 'warn');

/** The cluster of a studio, and what lets go of it: one that was started for it ends with it. */
interface OwnedCluster {
  readonly handle: ClusterHandle;
  readonly release: () => Promise<void>;
}

/**
 * The cluster that was named (`--cluster`, `MILLRACE_CLUSTER`), else the one that runs in the user's folder (or that of
 * `--data`), else a new one there, unless none is wanted: one that somebody starts later is then found.
 */
async function findOrStartCluster(invocation: Invocation): Promise<OwnedCluster> {
  const clock = new NodeClock();
  const { clusterAt, clusterInFolder } = await import('../attached-cluster.ts');
  const named = namedCluster(textOption(invocation, 'cluster'), invocation.environment);
  if (named) {
    const { KafkaAdmin } = await import('../../kafka/admin.ts');
    const admin = new KafkaAdmin(openCluster(invocation, false));
    const handle = await clusterAt(named, admin, clock);
    return { handle, release: () => handle.stop().then(() => admin.close()) };
  }
  const dataFolder = clusterFolderOf(invocation);
  const attach = async (): Promise<OwnedCluster> => {
    const handle = await clusterInFolder(dataFolder, clock);
    return { handle, release: () => handle.stop() };
  };
  const { clusterStatus } = await import('../../broker/node/supervisor/cluster-control.ts');
  if (flagOption(invocation, 'no-cluster') || (await clusterStatus(dataFolder))?.running) return attach();
  try {
    return await startOwnCluster(invocation, dataFolder);
  } catch (error) {
    // Somebody else was quicker.
    if (error instanceof MillraceError && error.code === 'DATA_FOLDER_LOCKED') return attach();
    throw error;
  }
}

async function startOwnCluster(invocation: Invocation, dataFolder: string): Promise<OwnedCluster> {
  const { startCluster } = await import('../../broker/node/supervisor/start-cluster.ts');
  const { studioCluster } = await import('../studio-cluster.ts');
  const handle = studioCluster(
    await startCluster({ brokers: brokersOf(invocation, dataFolder), dataFolder, preferredPorts, log }),
    dataFolder,
  );
  return { handle, release: () => handle.stop() };
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

/** `millrace studio`: the designer with the cluster that runs here, or one of its own, until Ctrl+C. */
export const studio: Command = {
  endsInOrder: true,
  positionals: [{ name: 'project', help: 'Project folder' }],
  options: {
    port: {
      type: 'string',
      value: 'number',
      help: 'Port of the designer on this machine; the one of last time by default',
    },
    cluster: clusterOptions.cluster!,
    ...brokersOption,
    ...clusterFolderOption,
    'no-cluster': { type: 'boolean', help: 'Start no cluster; one that runs is used all the same' },
    'no-open': { type: 'boolean', help: 'Open no browser' },
  },
  async run(invocation) {
    const { output, interrupted } = invocation;
    const port = numberOption(invocation, 'port', { min: 0, max: 65_535 });
    const projectPath = invocation.positionals[0] === undefined ? undefined : resolve(invocation.positionals[0]);
    const { startStudio } = await import('../../studio/main.ts');
    endWithParent();
    const cluster = await findOrStartCluster(invocation);
    try {
      const studio = await startStudio({
        projectPath,
        port,
        cluster: cluster.handle,
        open: !flagOption(invocation, 'no-open'),
        log,
      });
      const { bootstrap } = cluster.handle.status();
      output.result({ url: studio.url, bootstrap }, `Millrace is open at ${studio.url} (Ctrl+C stops it)`);
      if (bootstrap) output.note(`Kafka clients reach the cluster at ${bootstrap}`);
      await noteUnreadable(projectPath, output);
      if (!interrupted.aborted)
        await new Promise((done) => interrupted.addEventListener('abort', done, { once: true }));
      await studio.stop();
    } finally {
      await cluster.release();
    }
    return exitCode.ok;
  },
};

/** A studio that the desktop shell started over an IPC channel ends when the shell is gone, however that ended. */
function endWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel alone should not keep a studio alive that was stopped.
  process.channel.unref();
}
