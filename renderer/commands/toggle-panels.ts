import type { Command } from './command.ts';
import { always } from './command.ts';

/** Commands that open and close the parts of the window. */
export const panelCommands: readonly Command[] = [
  {
    id: 'toggle-palette',
    title: 'Show or Hide the Palette',
    group: 'View',
    shortcuts: ['Ctrl+Shift+1'],
    glyph: 'palette',
    canRun: always,
    run: ({ store }) => {
      const { drawer, show } = store.getState();
      show({ view: 'design', drawer: drawer === 'palette' ? null : 'palette' });
    },
  },
  {
    id: 'toggle-project',
    title: 'Show or Hide the Project',
    group: 'View',
    shortcuts: ['Ctrl+Shift+2'],
    glyph: 'project',
    canRun: always,
    run: ({ store }) => {
      const { drawer, show } = store.getState();
      show({ view: 'design', drawer: drawer === 'project' ? null : 'project' });
    },
  },
  {
    id: 'toggle-bottom',
    title: 'Show or Hide the Bottom Panel',
    group: 'View',
    shortcuts: ['Ctrl+J'],
    canRun: always,
    run: ({ store }) => {
      const { bottom, show } = store.getState();
      show({ bottom: bottom === null ? 'jobs' : null });
    },
  },
  {
    id: 'show-problems',
    title: 'Show Problems',
    group: 'View',
    shortcuts: ['Ctrl+Shift+M'],
    glyph: 'problems',
    canRun: always,
    run: ({ store }) => store.getState().show({ bottom: 'problems' }),
  },
  {
    id: 'view-design',
    title: 'Go to Design',
    group: 'View',
    shortcuts: ['Alt+1'],
    glyph: 'design',
    canRun: always,
    run: ({ store }) => store.getState().show({ view: 'design' }),
  },
  {
    id: 'view-topics',
    title: 'Go to Topics',
    group: 'View',
    shortcuts: ['Alt+2'],
    glyph: 'topics',
    canRun: always,
    run: ({ store }) => store.getState().show({ view: 'topics' }),
  },
];
