import type { Command } from './command.ts';
import { always } from './command.ts';

/** Lists all keys. */
export const showShortcuts: Command = {
  id: 'show-shortcuts',
  title: 'Show Keyboard Shortcuts',
  group: 'View',
  shortcuts: ['?'],
  glyph: 'keyboard',
  canRun: always,
  run: ({ store }) => store.getState().show({ overlay: { kind: 'shortcuts' } }),
};
