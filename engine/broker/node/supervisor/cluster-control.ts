import { resolve } from 'node:path';
import { MillraceError } from '../../../base/errors.ts';
import { get } from '../../../host/node-http.ts';
import { isRunning } from '../../../host/process-identity.ts';
import { readClusterFile } from './cluster-file.ts';

/** The supervisor kills what makes no progress, so its end comes; this bounds one that is itself stuck. */
const stopWaitMsMax = 900_000;
const stopNoteMs = 5_000;
const pollMs = 25;
const probeWaitMsMax = 3_000;

/** One broker as another process sees it. */
export interface RemoteBrokerRow {
  readonly id: number;
  readonly address: string;
  readonly pid: number | null;
  readonly state: 'ready' | 'not ready' | 'down';
  /** What a broker that is not ready waits for. */
  readonly reason: string | null;
}

export interface RemoteClusterStatus {
  readonly dataFolder: string;
  readonly running: boolean;
  readonly clusterId: string;
  readonly bootstrapServers: string;
  readonly supervisorPid: number | null;
  readonly brokers: readonly RemoteBrokerRow[];
}

/** State of the cluster in a data folder, told by its file and by asking each broker; undefined when there is none. */
export async function clusterStatus(dataFolder: string): Promise<RemoteClusterStatus | undefined> {
  const folder = resolve(dataFolder);
  const file = readClusterFile(folder);
  if (!file) return undefined;
  const { supervisor, clusterId } = file;
  const host = file.host === '0.0.0.0' || file.host === '::' ? '127.0.0.1' : file.host;
  const running = supervisor !== null && isRunning(supervisor.pid, supervisor.startToken);
  const brokers = await Promise.all(
    file.brokers.map(async ({ id, port, process: mark }): Promise<RemoteBrokerRow> => {
      const pid = mark && isRunning(mark.pid, mark.startToken) ? mark.pid : null;
      const row = { id, address: `${host}:${port}`, pid: pid ?? (running && !mark ? (supervisor?.pid ?? null) : null) };
      return running || pid !== null
        ? { ...row, ...(await probe(host, port)) }
        : { ...row, state: 'down', reason: null };
    }),
  );
  const bootstrapServers = brokers.map(({ address }) => address).join(',');
  return {
    dataFolder: folder,
    running,
    clusterId,
    bootstrapServers,
    supervisorPid: running ? (supervisor?.pid ?? null) : null,
    brokers,
  };
}

/**
 * Ends the cluster in a data folder, whichever process runs it; false when none runs. `note` hears every few seconds who is late.
 * @throws MillraceError `BROKER_KILLED` when a broker did not end in order, `CLUSTER_STOP_TIMEOUT` when the cluster's
 * process is still there after 15 min.
 */
export async function stopCluster(dataFolder: string, note: (text: string) => void = () => {}): Promise<boolean> {
  const supervisor = readClusterFile(resolve(dataFolder))?.supervisor;
  if (!supervisor || !isRunning(supervisor.pid, supervisor.startToken)) return false;
  process.kill(supervisor.pid, 'SIGTERM');
  const begunMs = performance.now();
  let noteAtMs = begunMs + stopNoteMs;
  const deadline = begunMs + stopWaitMsMax;
  while (isRunning(supervisor.pid, supervisor.startToken)) {
    if (performance.now() > deadline)
      throw new MillraceError(
        'CLUSTER_STOP_TIMEOUT',
        `expected the cluster's process ${supervisor.pid} to end within ${stopWaitMsMax} ms`,
      );
    if (performance.now() >= noteAtMs) {
      note(`waiting for ${stillRunning(dataFolder)} to end (${Math.round((performance.now() - begunMs) / 1_000)} s)`);
      noteAtMs += stopNoteMs;
    }
    await new Promise<void>((done) => setTimeout(() => done(), pollMs));
  }
  const killed = readClusterFile(resolve(dataFolder))?.killed ?? [];
  if (killed.length)
    throw new MillraceError(
      'BROKER_KILLED',
      `expected all brokers to end in order, found broker ${killed.join(', ')} killed; its logs are recovered at the next start`,
      { details: { brokers: killed } },
    );
  return true;
}

function stillRunning(dataFolder: string): string {
  const brokers = readClusterFile(resolve(dataFolder))?.brokers ?? [];
  const running = brokers.filter(({ process: mark }) => mark && isRunning(mark.pid, mark.startToken));
  return running.length ? running.map(({ id }) => `broker ${id}`).join(', ') : "the cluster's process";
}

function probe(host: string, port: number): Promise<Pick<RemoteBrokerRow, 'state' | 'reason'>> {
  return new Promise((done) => {
    const request = get({ host, port, path: '/readyz', timeout: probeWaitMsMax, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => {
        const isReady = response.statusCode === 200;
        done({ state: isReady ? 'ready' : 'not ready', reason: isReady ? null : body.trim() });
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error) => done({ state: 'down', reason: error.message }));
  });
}
