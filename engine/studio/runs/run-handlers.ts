import type { Clock } from '../../base/clock.ts';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ClusterAccess } from '../../spi/cluster-access.ts';
import type { StudioHandlers } from '../contract.ts';
import { parseProject, projectOf } from '../projects/project-service.ts';
import type { StudioSession } from '../session.ts';
import type { FindSource } from '../topics/topic-service.ts';
import { newestEvent } from './newest-event.ts';
import type { ProjectRuns } from './project-runs.ts';
import { sampleContext } from './sample-context.ts';

type RunHandlers = Pick<
  StudioHandlers<StudioSession>,
  'run.start' | 'run.stop' | 'run.jobs' | 'run.job' | 'run.sample'
>;

/** What the calls about runs work with. */
export interface RunGround {
  readonly runs: ProjectRuns;
  readonly find: FindSource;
  /** Bootstrap servers of the bundled cluster now. */
  readonly clusterAddress: () => string | undefined;
  readonly clusterAccess: () => ClusterAccess | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** The calls about runs, their jobs, and sample data. Each is about the run of the project that the window shows. */
export function runHandlers({ runs, find, clusterAddress, clusterAccess, clock, log }: RunGround): RunHandlers {
  const runOf = (session: StudioSession) => runs.of(projectOf(session).path);
  return {
    'run.start': ({ files, processes, profile, skipRecords }, session) => {
      parseProject(files);
      const projectFolder = projectOf(session).path;
      return runs.of(projectFolder).start({
        ...{ projectFolder, files, processes, profile, skipRecords },
        clusterAddress: clusterAddress(),
        clusterAccess: clusterAccess(),
      });
    },
    'run.stop': (_params, session) => runOf(session).stop(),
    'run.jobs': (question, session) => (session.project ? runOf(session).jobs(question) : []),
    'run.job': ({ id }, session) => runOf(session).job(id),
    'run.sample': ({ files, process: id, activity, reads }, session) => {
      const project = parseProject(files);
      const process = project.processes[id];
      if (!process?.activities[activity]) {
        throw new MillraceError('ACTIVITY_UNKNOWN', `expected activity "${activity}" in process "${id}", found none`);
      }
      const connectionOf = (resource: string) => {
        const found = project.resources[resource];
        return find(found ?? resource, session);
      };
      const run = session.project ? runOf(session) : undefined;
      return sampleContext(
        { project, process, activity, reads },
        {
          jobs: async (processId, limit) => (await run?.jobs({ process: processId, limit })) ?? [],
          job: async (jobId) => run?.job(jobId),
          // Without a sample a mapping can still be written: what kept it away is a reason, not a failure.
          newestEvent: (starter) =>
            newestEvent(starter, connectionOf, clock).catch((thrown) => {
              log.debug('no sample from the starter', { starter: starter.name, error: messageOf(thrown) });
              return { reason: messageOf(thrown) };
            }),
        },
      );
    },
  };
}
