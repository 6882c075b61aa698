import { describe, expect, it } from 'vitest';
import { openSample } from '../../test/kit/designer/render.tsx';
import { emptyBrowse } from './browse-place.ts';
import { goTo, placeOf } from './go-to.ts';
import { readPlace, writePlace } from './place.ts';

describe('a place in the designer', () => {
  it('comes back from its address: activity, topic, partition, offset, message', () => {
    const { store } = openSample();
    store.getState().select({ activities: ['send'] });
    const filter = { at: 'offset', offset: 41, timestampMs: 0, partition: 2, limit: 250 } as const;
    store.getState().show({
      view: 'topics',
      browse: { connection: 'other', topic: 'quakes & more', filter, message: '2-41' },
    });
    const place = placeOf(store.getState());
    expect(readPlace(writePlace(place))).toEqual(place);
    const fresh = openSample().store;
    goTo(fresh, readPlace(writePlace(place)));
    expect(placeOf(fresh.getState())).toEqual(place);
  });

  it('is short where nothing is chosen', () => {
    expect(writePlace(placeOf(openSample().store.getState()))).toBe(
      'project=%2Fprojects%2Fearthquakes&process=triage-quakes',
    );
  });

  it('leaves out what an address has wrong, and what is gone', () => {
    const place = readPlace(
      'process=gone&activity=x&view=topics&topic=t&partition=-1&offset=1e99&from=odd&limit=9999&message=a',
    );
    expect(place.browse).toEqual({ ...emptyBrowse, topic: 't' });
    const { store } = openSample();
    goTo(store, place);
    expect(store.getState()).toMatchObject({ activeProcess: 'triage-quakes', view: 'topics' });
    expect(readPlace('time=9007199254740991').browse.filter.timestampMs).toBe(0);
  });

  it('takes names that every object has for what they are: of nothing here', () => {
    const { store } = openSample();
    for (const name of ['constructor', '__proto__', 'toString']) {
      goTo(store, readPlace(`process=${name}&activity=name`));
      expect(store.getState().activeProcess).toBe('triage-quakes');
      goTo(store, readPlace(`process=triage-quakes&activity=${name}`));
      expect(store.getState().selection.activities).toEqual([]);
    }
  });
});
