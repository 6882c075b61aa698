import { bottomList, drawerList, panelsOf, viewList } from '../store/panel-list.ts';
import type { Command } from './command.ts';
import { always } from './command.ts';

/** Opens and closes the drawer at the bottom, whatever it shows. */
const toggleBottom: Command = {
  id: 'toggle-bottom',
  title: 'Show or Hide the Bottom Panel',
  group: 'View',
  shortcuts: ['Ctrl+J'],
  canRun: always,
  run: ({ store }) => {
    const { bottom, show } = store.getState();
    show({ bottom: bottom === null ? 'jobs' : null });
  },
};

/** Commands that open and close the parts of the window: one for each panel and view that has a shortcut. */
export const panelCommands: readonly Command[] = [
  ...panelsOf(drawerList).map(
    ({ id, label, glyph, keys = '' }): Command => ({
      ...{ id: `toggle-${id}`, title: `Show or Hide the ${label}`, group: 'View', shortcuts: [keys], glyph },
      canRun: always,
      run: ({ store }) => {
        const { drawer, show } = store.getState();
        show({ view: 'design', drawer: drawer === id ? null : id });
      },
    }),
  ),
  toggleBottom,
  ...panelsOf(bottomList).flatMap(({ id, label, glyph, keys }): Command[] =>
    keys === undefined
      ? []
      : [
          {
            ...{ id: `show-${id}`, title: `Show ${label}`, group: 'View', shortcuts: [keys], glyph },
            canRun: always,
            run: ({ store }) => store.getState().show({ bottom: id }),
          },
        ],
  ),
  ...panelsOf(viewList).map(
    ({ id, label, glyph, keys = '' }): Command => ({
      ...{ id: `view-${id}`, title: `Go to ${label}`, group: 'View', shortcuts: [keys], glyph },
      canRun: always,
      run: ({ store }) => store.getState().show({ view: id }),
    }),
  ),
];
