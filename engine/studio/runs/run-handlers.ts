import type { Clock } from '../../base/clock.ts';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { parseProject, projectOf } from '../projects/project-service.ts';
import type { StudioHandlers } from '../server/dispatch.ts';
import type { StudioSession } from '../server/session.ts';
import type { FindSource } from '../topics/topic-service.ts';
import { newestEvent } from './newest-event.ts';
import type { RunSupervisor } from './run-supervisor.ts';
import { sampleContext } from './sample-context.ts';

type RunHandlers = Pick<
  StudioHandlers<StudioSession>,
  'run.start' | 'run.stop' | 'run.jobs' | 'run.job' | 'run.sample'
>;

/** What the calls about runs work with. */
export interface RunGround {
  readonly runs: RunSupervisor;
  readonly find: FindSource;
  /** Bootstrap servers of the bundled cluster now. */
  readonly clusterAddress: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** The calls about runs, their jobs, and sample data. */
export function runHandlers({ runs, find, clusterAddress, clock, log }: RunGround): RunHandlers {
  return {
    'run.start': ({ files, processes, profile }, session) => {
      parseProject(files);
      const projectFolder = projectOf(session).path;
      return runs.start({ projectFolder, files, processes, profile, clusterAddress: clusterAddress() });
    },
    'run.stop': () => runs.stop(),
    'run.jobs': (question) => runs.jobs(question),
    'run.job': ({ id }) => runs.job(id),
    'run.sample': ({ files, process: id, activity }, session) => {
      const project = parseProject(files);
      const process = project.processes[id];
      if (!process?.activities[activity]) {
        throw new MillraceError('ACTIVITY_UNKNOWN', `expected activity "${activity}" in process "${id}", found none`);
      }
      const connectionOf = (resource: string) => {
        const found = project.resources[resource];
        return find(found ? { name: found.name, config: found.config as Record<string, never> } : resource, session);
      };
      return sampleContext(
        { project, process, activity },
        {
          jobs: (processId, limit) => runs.jobs({ process: processId, limit }),
          job: (jobId) => runs.job(jobId),
          // Without a sample a mapping can still be written: the reason goes to the log, not in the way.
          newestEvent: (starter) =>
            newestEvent(starter, connectionOf, clock).catch((thrown) => {
              log.debug('no sample from the starter', { starter: starter.id, error: messageOf(thrown) });
              return undefined;
            }),
        },
      );
    },
  };
}
