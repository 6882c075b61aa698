import { messageOf } from '../../engine/base/errors.ts';
import { readStored, writeStored } from '../kit/use-stored.ts';
import { isDirty } from '../store/document-slice.ts';
import { goTo, placeOf } from '../store/go-to.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import type { Place } from '../store/place.ts';
import { readPlace, writePlace } from '../store/place.ts';
import type { StudioState, StudioStore } from '../store/studio-store.ts';

/** Parts of a place that make a step of the browser's history; others replace the step. */
function stepOf({ project, process, view, browse }: Place): string {
  return JSON.stringify([project, process, view, view === 'topics' ? [browse.connection, browse.topic] : null]);
}

/**
 * Keeps the address of the page and the place of the window the same, so that a reload, a bookmark and the Back button lead where
 * the user was. Call it before the studio is greeted: the project of the address is the one to open. Returns a function that ends it.
 */
export function followAddress(store: StudioStore): () => void {
  const fragment = location.hash.slice(1);
  const start = readPlace(fragment);
  const remembered = readStored<string | null>('topics.selected', null);
  const isInTopics = start.view === 'topics' && start.browse.topic !== null;
  const browse = isInTopics ? start.browse : { ...start.browse, topic: remembered };
  store.getState().show({ browse });
  if (fragment !== '') store.getState().startAt({ ...start, browse });
  let shown = writePlace(start);
  /** The newest way back or forward that is not at its end; the address is the browser's until then. */
  let way: symbol | undefined;
  const tell = (state: StudioState, isOnWay: boolean) => {
    // Until a project is open the address says what is wanted, not what is shown.
    if (state.projectPath === null) return;
    const place = placeOf(state);
    const next = writePlace(place);
    if (next === shown) return;
    const before = readPlace(shown);
    // The first project of a window is where it begins, not a step.
    const isStep = !isOnWay && before.project !== null && stepOf(before) !== stepOf(place);
    shown = next;
    putAddress(next, isStep);
  };
  const endSubscription = store.subscribe((state, before) => {
    if (state.browse.topic !== before.browse.topic) writeStored('topics.selected', state.browse.topic);
    if (way === undefined) tell(state, false);
  });
  const onBack = async () => {
    const wanted = readPlace(location.hash.slice(1));
    shown = writePlace(wanted);
    const mine = Symbol();
    way = mine;
    await goBackTo(store, wanted, () => way !== mine);
    if (way !== mine) return;
    way = undefined;
    // A step of its own here would cut off the way forward. Where the way was refused the address says again what is shown.
    tell(store.getState(), true);
  };
  addEventListener('popstate', onBack);
  return () => {
    endSubscription();
    removeEventListener('popstate', onBack);
  };
}

function putAddress(place: string, isStep: boolean): void {
  const address = `${location.pathname}${location.search}#${place}`;
  if (isStep) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** `isOver`: the user has gone on to another place meanwhile. */
async function goBackTo(store: StudioStore, place: Place, isOver: () => boolean): Promise<void> {
  const { projectPath, client, notify } = store.getState();
  if (place.project === null || place.project === projectPath) {
    goTo(store, place);
    return;
  }
  if (isDirty(store.getState())) {
    notify({ tone: 'warning', text: 'Save the project first: the way back leads to another one.' });
    return;
  }
  try {
    const snapshot = await client.call('project.open', { path: place.project });
    if (isOver()) return;
    if (openSnapshot(store, snapshot)) goTo(store, place);
  } catch (thrown) {
    notify({ tone: 'danger', text: `The project was not opened: ${messageOf(thrown)}` });
  }
}
