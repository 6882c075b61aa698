import type { Command } from './command.ts';
import { always } from './command.ts';

/** Changes between light and dark. */
export const toggleTheme: Command = {
  id: 'toggle-theme',
  title: 'Switch between Light and Dark',
  group: 'View',
  shortcuts: ['Ctrl+Shift+D'],
  glyph: 'sun',
  canRun: always,
  run: ({ store }) => store.getState().show({ theme: store.getState().theme === 'dark' ? 'light' : 'dark' }),
};
