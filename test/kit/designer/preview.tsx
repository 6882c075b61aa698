import { catalog } from '../../../palette/catalog.ts';
import { startDesigner } from '../../../renderer/app/start-designer.tsx';
import { greetStudio } from '../../../renderer/store/follow-studio.ts';
import { createFakeStudio } from './fake-studio.ts';
import { manyActivities } from './many-activities.ts';

/** The designer over a fake studio. `?activities=500` draws a large process; scripts reach the store as `window.designer`. */
const studio = createFakeStudio();
const store = startDesigner(document.getElementById('root')!, { client: studio.client, palette: catalog });
void greetStudio(store);
Object.assign(window, { designer: store, studio });

const count = Number(new URLSearchParams(location.search).get('activities') ?? 0);
if (count > 0) {
  const end = store.subscribe((state) => {
    if (state.project === null || state.activeProcess === null) return;
    end();
    state.openProject(manyActivities(count), '/projects/large', 'r1');
    state.openProcess('large');
  });
}
