import { messageOf } from '../../engine/base/errors.ts';
import { readStored, writeStored } from '../kit/use-stored.ts';
import { isDirty } from '../store/document-slice.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import type { Place } from '../store/place.ts';
import { goTo, placeOf, readPlace, writePlace } from '../store/place.ts';
import type { StudioStore } from '../store/studio-store.ts';

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
  store.setState({ startPlace: fragment === '' ? null : { ...start, browse } });
  let shown = writePlace(start);
  const endSubscription = store.subscribe((state, before) => {
    if (state.browse.topic !== before.browse.topic) writeStored('topics.selected', state.browse.topic);
    // Until a project is open the address says what is wanted, not what is shown.
    if (state.projectPath === null) return;
    const place = placeOf(state);
    const next = writePlace(place);
    if (next === shown) return;
    const isStep = stepOf(readPlace(shown)) !== stepOf(place);
    shown = next;
    const address = `${location.pathname}${location.search}#${next}`;
    if (isStep) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  });
  const onBack = () => {
    const wanted = readPlace(location.hash.slice(1));
    shown = writePlace(wanted);
    void goBackTo(store, wanted);
  };
  addEventListener('popstate', onBack);
  return () => {
    endSubscription();
    removeEventListener('popstate', onBack);
  };
}

async function goBackTo(store: StudioStore, place: Place): Promise<void> {
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
    openSnapshot(store, await client.call('project.open', { path: place.project }));
    goTo(store, place);
  } catch (thrown) {
    notify({ tone: 'danger', text: `The project was not opened: ${messageOf(thrown)}` });
  }
}
