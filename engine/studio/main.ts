import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Log } from '../base/log.ts';
import { silentLog } from '../base/log.ts';
import { NodeClock } from '../host/node-clock.ts';
import { NodeRandom } from '../host/node-random.ts';
import { userFolder } from '../host/user-folder.ts';
import type { ClusterHandle } from './cluster-handle.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { ControllerFinder } from './controller-finder.ts';
import { studioHandlers } from './handlers.ts';
import { openBrowser } from './open-browser.ts';
import { RecentProjects } from './projects/recent-projects.ts';
import { ProjectRuns } from './runs/project-runs.ts';
import type { SpawnRun } from './runs/spawn-run.ts';
import { spawnRun } from './runs/spawn-run.ts';
import { listenStudio } from './server/studio-server.ts';
import { listenWhereBefore } from './studio-port.ts';
import { SourcePool } from './topics/source-pool.ts';

/** How to start the studio. */
export interface StudioOptions {
  /** Shown to windows that do not ask for another one. A folder that cannot be opened is shown as a problem; the studio starts. */
  readonly projectPath?: string | undefined;
  /** 0 for any free one; left out: the one of this user's last designer, where it is free. */
  readonly port?: number | undefined;
  readonly host?: '127.0.0.1' | '::1';
  /** The bundled cluster; the studio never stops it. */
  readonly cluster?: ClusterHandle | undefined;
  /** Shows the page in a browser where there is one. */
  readonly open?: boolean;
  readonly log?: Log;
  /**
   * Secret of this launch. Left out: that of `MILLRACE_STUDIO_TOKEN` (the desktop shell hands it over, so that a window finds the
   * studio again after a restart), else a new one.
   */
  readonly token?: string | undefined;
  /** Origins of pages that others serve, besides the desktop window's: Vite in development. */
  readonly otherOrigins?: readonly string[];
  readonly rendererFolder?: string;
  /** Folder for recent projects. */
  readonly userFolder?: string;
  readonly spawnRun?: SpawnRun;
}

/** A studio that listens. */
export interface Studio {
  /** The page, with the token in its fragment. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Ends runs in order and lets every window go. */
  stop(): Promise<void>;
}

/** Bytes of a new launch token. */
const tokenBytes = 24;
/** The desktop window's pages. No page on the web can have this origin: browsers know no scheme `app`. */
const desktopOrigin = 'app://designer';

/** Starts the studio server. Rejects with STUDIO_PORT_IN_USE, STUDIO_LISTEN_FAILED. */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { log = silentLog, host = '127.0.0.1', token = takeToken(process.env) } = options;
  const ground = { clock: new NodeClock(), random: new NodeRandom(), log };
  const pool = new SourcePool();
  const controller = new ControllerFinder(ground, () => options.cluster?.access?.());
  const cluster = new ClusterWatch(options.cluster, ground.clock, controller, (status) =>
    server.broadcast('cluster.status', status),
  );
  const runs = new ProjectRuns(
    { ...ground, spawn: options.spawnRun ?? spawnRun },
    {
      status: (project, status) => server.tellProject(project, 'run.status', status),
      counts: (project, counts) => server.tellProject(project, 'run.counts', { project, counts }),
      log: (project, line) => server.tellProject(project, 'run.log', { project, ...line }),
    },
  );
  const home = options.userFolder ?? userFolder();
  const recent = new RecentProjects(home);
  const handlers = studioHandlers({ ...ground, projectPath: options.projectPath, pool, cluster, runs, recent });
  const { rendererFolder = builtRenderer() } = options;
  const otherOrigins = [desktopOrigin, ...(options.otherOrigins ?? [])];
  const listen = (port: number) => listenStudio({ port, host, token, otherOrigins, rendererFolder, handlers, log });
  const server = options.port === undefined ? await listenWhereBefore(home, listen) : await listen(options.port);
  cluster.start();
  const url = `http://${host === '::1' ? '[::1]' : host}:${server.port}/#token=${token}`;
  if (options.open) openBrowser(url);
  return {
    url,
    port: server.port,
    token,
    stop: async () => {
      cluster.stop();
      await runs.close();
      await server.stop();
      await Promise.all([pool.close(), controller.close()]);
    },
  };
}

/** Where `npm run build` puts the designer, seen from the sources and from `dist/engine`. */
function builtRenderer(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../../dist/renderer' : '../renderer', import.meta.url));
}

/** The token that was handed over is taken out of the environment: runs and brokers, which inherit it, have no need of it. */
function takeToken(env: NodeJS.ProcessEnv): string {
  const { MILLRACE_STUDIO_TOKEN: given } = env;
  delete env.MILLRACE_STUDIO_TOKEN;
  return given === undefined || given === '' ? randomBytes(tokenBytes).toString('base64url') : given;
}
