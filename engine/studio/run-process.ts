import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import { createLog } from '../base/log.ts';
import { streamLogSink } from '../host/json-log-sink.ts';
import { NodeClock } from '../host/node-clock.ts';
import { NodeRandom } from '../host/node-random.ts';
import type { Run } from '../run/create-run.ts';
import { createRun } from '../run/create-run.ts';
import { projectState } from '../run/project-state.ts';
import { secretVariable } from '../run/resolve-references.ts';
import { parseProject } from './projects/project-service.ts';
import { LogBatcher } from './runs/log-batcher.ts';
import type { FromRun, RunRequest, ToRun } from './runs/run-messages.ts';
import { wireError } from './server/dispatch.ts';

/** The process that runs a project for the studio. It talks over IPC only, and ends when the studio does. */

const clock = new NodeClock();
const tell = (message: FromRun) => {
  if (process.connected) process.send?.(message);
};
const lines = new LogBatcher(clock, (batch) => tell({ kind: 'log', lines: batch }));
let run: Run | undefined;

function open(request: RunRequest): Run {
  const { files, projectFolder, processes, profile, skipRecords, clusterAddress } = request;
  const opened = createRun(parseProject(files), {
    catalog,
    runtimes,
    projectFolder,
    state: projectState(projectFolder),
    processes,
    profile,
    skipRecords,
    clusterAddress,
    secret: (name) => process.env[secretVariable(name)],
    clock,
    random: new NodeRandom(),
    log: createLog(streamLogSink(process.stderr), {}, 'error'),
  });
  opened.on((event) => {
    if (event.kind === 'log') lines.add(event);
    else tell(event);
  });
  return opened;
}

async function start(request: RunRequest): Promise<void> {
  try {
    run = open(request);
    await run.start();
  } catch (thrown) {
    lines.flush();
    tell({ kind: 'refused', error: wireError(thrown) });
  }
}

function take(message: ToRun): void {
  switch (message.kind) {
    case 'start':
      void start(message.request);
      return;
    case 'stop':
      void run?.stop().then(() => lines.flush());
      return;
    case 'jobs':
      return tell({ kind: 'answer', id: message.id, value: run?.jobs(message.question) ?? [] });
    case 'job':
      return tell({ kind: 'answer', id: message.id, value: run?.job(message.jobId) as never });
  }
}

process.on('message', (message) => take(message as ToRun));
// Ctrl+C reaches the whole group of processes; the studio tells this one when to stop.
process.on('SIGINT', () => {});
process.on('disconnect', () => {
  void Promise.resolve(run?.stop()).finally(() => process.exit(0));
});
