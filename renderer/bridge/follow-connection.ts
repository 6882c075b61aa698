import { greetStudio } from '../store/follow-studio.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { StudioConnection } from './studio-connection.ts';

/** Keeps the store told of the connection, and greets the studio each time it is there (again). Returns a function that ends it. */
export function followConnection(store: StudioStore, connection: StudioConnection): () => void {
  return connection.onState((state) => {
    const { setLive, notify } = store.getState();
    if (state === 'open') void greetStudio(store);
    else if (state === 'connecting') setLive({ connection: 'connecting' });
    else setLive({ connection: state === 'refused' ? 'refused' : 'lost' });
    if (state === 'refused') {
      notify({
        tone: 'danger',
        text: 'This page belongs to a studio that has ended. Open the address that the new one printed when it started.',
      });
    }
  });
}
