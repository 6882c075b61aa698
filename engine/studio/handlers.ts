import { engineVersion } from '../base/engine-version.ts';
import { MillraceError } from '../base/errors.ts';
import type { KafkaHost } from '../kafka/connection.ts';
import { KafkaConnection } from '../kafka/connection.ts';
import { wireError } from '../rpc/wire-error.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import type { ProjectSnapshot, StudioHandlers } from './contract.ts';
import { openProject, projectHandlers } from './projects/project-service.ts';
import type { RecentProjects } from './projects/recent-projects.ts';
import { openRef } from './resources/open-ref.ts';
import { resourceHandlers } from './resources/resource-service.ts';
import type { ProjectRuns } from './runs/project-runs.ts';
import { runHandlers } from './runs/run-handlers.ts';
import { idleRun } from './runs/run-supervisor.ts';
import type { StudioSession } from './session.ts';
import type { SourcePool } from './topics/source-pool.ts';
import type { FindSource } from './topics/topic-service.ts';
import { topicHandlers } from './topics/topic-service.ts';

/** What the calls of all windows share. */
export interface StudioGround extends KafkaHost {
  /** Project of windows that do not ask for another one. */
  readonly projectPath: string | undefined;
  readonly pool: SourcePool;
  readonly cluster: ClusterWatch;
  readonly runs: ProjectRuns;
  readonly recent: RecentProjects;
}

/** A handler for every call of the contract. */
export function studioHandlers(ground: StudioGround): StudioHandlers<StudioSession> {
  const { clock, log, recent, runs, cluster, pool } = ground;
  const clusterAddress = () => cluster.status.bootstrap ?? undefined;
  const clusterAccess = () => cluster.access;
  const resources = { clock, log, random: ground.random, clusterAddress, clusterAccess };
  const find: FindSource = async (connection, session) => {
    const { value } = await openRef(connection, session, resources);
    if (value instanceof KafkaConnection) return pool.of(value);
    throw new MillraceError('CONFIG_INVALID', `expected a Kafka Connection, found "${String(connection)}"`);
  };
  const projects = projectHandlers(recent, log);
  /** A window that comes to show a project is told how its run stands. */
  const tellRun = (snapshot: ProjectSnapshot, session: StudioSession): ProjectSnapshot => {
    const { status, counts } = runs.of(snapshot.path);
    session.emit('run.status', status);
    session.emit('run.counts', { project: snapshot.path, counts });
    return snapshot;
  };
  return {
    'session.hello': async ({ projectPath = ground.projectPath }, session) => {
      const state = { version: engineVersion, cluster: cluster.status };
      const nothing = { ...state, project: null, run: idleRun(null), counts: {} };
      if (projectPath === undefined) return nothing;
      try {
        const project = await openProject(projectPath, session, recent, log);
        const { status, counts } = runs.of(project.path);
        return { ...state, project, run: status, counts };
      } catch (thrown) {
        return { ...nothing, problem: wireError(thrown) };
      }
    },
    ...projects,
    'project.open': async (params, session) => tellRun(await projects['project.open'](params, session), session),
    'project.create': async (params, session) => tellRun(await projects['project.create'](params, session), session),
    ...runHandlers({ runs, find, clusterAddress, clusterAccess, clock, log }),
    ...resourceHandlers(resources),
    ...topicHandlers(find, clock),
  };
}
