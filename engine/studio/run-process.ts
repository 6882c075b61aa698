import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import { createLog } from '../base/log.ts';
import { streamLogSink } from '../host/json-log-sink.ts';
import { NodeClock } from '../host/node-clock.ts';
import { NodeRandom } from '../host/node-random.ts';
import { createRun } from '../run/create-run.ts';
import { projectState } from '../run/project-state.ts';
import { environmentSecret } from '../run/resolve-references.ts';
import { serveRun } from '../run/serve-run.ts';
import { parseProject } from './projects/project-service.ts';

/** The process that runs a project for the studio: it serves the contract of a run over IPC, and ends when the studio does. */

const clock = new NodeClock();
const log = createLog(streamLogSink(process.stderr), {}, 'error');
const stop = serveRun({
  channel: {
    send: (message) => process.connected && process.send?.(message) === true,
    onMessage: (listener) => process.on('message', listener),
  },
  open: ({ files, ...options }) =>
    createRun(parseProject(files), {
      ...options,
      state: projectState(options.projectFolder),
      ...{ catalog, runtimes, secret: environmentSecret(process.env), clock, random: new NodeRandom(), log },
    }),
  clock,
  log,
});

// Ctrl+C reaches the whole group of processes; the studio tells this one when to stop.
process.on('SIGINT', () => {});
process.on('disconnect', () => void stop().finally(() => process.exit(0)));
