import { engineVersion } from '../base/engine-version.ts';
import type { KafkaHost } from '../kafka/connection.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import { openProject, projectHandlers } from './projects/project-service.ts';
import type { RecentProjects } from './projects/recent-projects.ts';
import { runHandlers } from './runs/run-handlers.ts';
import type { RunSupervisor } from './runs/run-supervisor.ts';
import type { StudioHandlers } from './server/dispatch.ts';
import { wireError } from './server/dispatch.ts';
import type { StudioSession } from './server/session.ts';
import { openConnection } from './topics/open-connection.ts';
import type { SourcePool } from './topics/source-pool.ts';
import type { FindSource } from './topics/topic-service.ts';
import { topicHandlers } from './topics/topic-service.ts';

/** What the calls of all windows share. */
export interface StudioGround extends KafkaHost {
  /** Project of windows that do not ask for another one. */
  readonly projectPath: string | undefined;
  readonly pool: SourcePool;
  readonly cluster: ClusterWatch;
  readonly runs: RunSupervisor;
  readonly recent: RecentProjects;
}

/** A handler for every call of the contract. */
export function studioHandlers(ground: StudioGround): StudioHandlers<StudioSession> {
  const { clock, log, recent, runs, cluster, pool } = ground;
  const clusterAddress = () => cluster.status.bootstrap ?? undefined;
  const find: FindSource = async (connection, session) => {
    const projectFolder = session.project?.path;
    return pool.of(await openConnection(connection, { ...ground, clusterAddress: clusterAddress(), projectFolder }));
  };
  return {
    'session.hello': async ({ projectPath = ground.projectPath }, session) => {
      const state = { version: engineVersion, cluster: cluster.status, run: runs.status, counts: runs.counts };
      if (projectPath === undefined) return { ...state, project: null };
      try {
        return { ...state, project: await openProject(projectPath, session, recent, log) };
      } catch (thrown) {
        return { ...state, project: null, problem: wireError(thrown) };
      }
    },
    ...projectHandlers(recent, log),
    ...runHandlers({ runs, find, clusterAddress, clock, log }),
    ...topicHandlers(find, clock),
  };
}
