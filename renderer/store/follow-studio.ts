import { messageOf } from '../../engine/base/errors.ts';
import { readProject } from '../../engine/model/project-files.ts';
import type { ClusterStatus, ProjectSnapshot } from '../../engine/studio/contract.ts';
import { clusterNews } from './cluster-words.ts';
import { isDirty } from './document-slice.ts';
import { goTo } from './go-to.ts';
import { openSnapshot } from './open-snapshot.ts';
import { isRunning } from './selectors.ts';
import type { StudioStore } from './studio-store.ts';

/** Lets the store hear what the studio says. Returns a function that ends it. */
export function followStudio(store: StudioStore): () => void {
  const { client, hear, addLogLines } = store.getState();
  const ends = [
    client.on('run.status', (run) => hear(run.project, { run })),
    client.on('run.counts', ({ project, counts }) => hear(project, { counts })),
    client.on('run.log', (line) => addLogLines([line])),
    client.on('cluster.status', (cluster) => takeCluster(store, cluster)),
    client.on('project.changedOnDisk', (snapshot) => takeFromDisk(store, snapshot)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/**
 * Says hello: takes over what the studio has open. Called after every connect: a new connection is a new session, so the studio
 * is told which project this window shows. Edits of this window that are not saved stay.
 */
export async function greetStudio(store: StudioStore): Promise<void> {
  const { client, setLive, hear, notify, dismissNoticesAbout, projectPath, startPlace } = store.getState();
  const wanted = projectPath ?? startPlace?.project ?? null;
  try {
    const hello = await client.call('session.hello', wanted === null ? {} : { projectPath: wanted });
    const { version, project, cluster, run, counts, problem } = hello;
    const before = store.getState().run;
    setLive({ connection: 'open', studioVersion: version, cluster });
    hear(run.project, { run, counts });
    if (isRunning({ run: before }) && run.runId !== before.runId)
      notify({
        tone: 'warning',
        text: 'The studio was started again; the run that was going on ended with it. Press Run to start it anew.',
      });
    dismissNoticesAbout('studio');
    if (problem !== undefined) notify({ tone: 'danger', text: `The project was not opened: ${problem.message}` });
    if (project !== null && projectPath === null) openAtStart(store, project);
    else if (project !== null) takeFromDisk(store, project);
  } catch (thrown) {
    notify({
      tone: 'danger',
      about: 'studio',
      text: `The studio did not answer: ${messageOf(thrown)}. Is it still running?`,
    });
  }
}

/** The first project of the window, at the place that its address named. */
function openAtStart(store: StudioStore, project: ProjectSnapshot): void {
  const { startPlace } = store.getState();
  openSnapshot(store, project);
  store.getState().startAt(null);
  if (startPlace !== null && (startPlace.project === null || startPlace.project === project.path))
    goTo(store, startPlace);
}

/** A broker that ends is told once; what was told goes when all are back. */
function takeCluster(store: StudioStore, cluster: ClusterStatus): void {
  const { cluster: before, setLive, notify, dismissNoticesAbout } = store.getState();
  setLive({ cluster });
  const news = clusterNews(before, cluster);
  if (news === undefined) return;
  dismissNoticesAbout('cluster');
  notify({ ...news, about: 'cluster' });
}

function canBeRead({ files }: ProjectSnapshot): boolean {
  return readProject(new Map(Object.entries(files))).ok;
}

/** Files changed outside: a clean window follows, a changed one is asked. */
function takeFromDisk(store: StudioStore, snapshot: ProjectSnapshot): void {
  if (snapshot.revision === store.getState().revision) {
    // They changed, and are again what this window has.
    store.getState().dismissNoticesAbout('disk');
    return;
  }
  if (!isDirty(store.getState()) || !canBeRead(snapshot)) {
    if (openSnapshot(store, snapshot))
      store.getState().notify({
        tone: 'info',
        about: 'disk',
        text: 'The project changed on disk; this window shows it as it is now.',
      });
    return;
  }
  store.getState().noteChangeOnDisk(snapshot);
  store.getState().notify({
    tone: 'warning',
    about: 'disk',
    text: 'The project changed on disk while this window has changes that are not saved.',
    actions: [
      { label: 'Take theirs', run: () => openSnapshot(store, snapshot) },
      { label: 'Keep mine', run: () => store.getState().keepMine(snapshot.revision) },
    ],
  });
}
