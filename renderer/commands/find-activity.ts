import type { Command } from './command.ts';
import { hasProject } from './command.ts';

/** Opens the palette with the keyboard in its search field. */
export const findActivity: Command = {
  id: 'add-activity',
  title: 'Add Activity…',
  group: 'Edit',
  shortcuts: ['N'],
  glyph: 'plus',
  canRun: hasProject,
  run: ({ store }) => store.getState().show({ view: 'design', drawer: 'palette', wantedField: 'palette-search' }),
};
