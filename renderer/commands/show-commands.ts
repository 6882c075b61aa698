import type { Command } from './command.ts';
import { always } from './command.ts';

/** Opens the list of commands to search and run. */
export const showCommands: Command = {
  id: 'show-commands',
  title: 'Show Commands',
  group: 'View',
  shortcuts: ['Ctrl+K', 'Ctrl+Shift+P'],
  glyph: 'command',
  worksInText: true,
  isHidden: true,
  canRun: always,
  run: ({ store }) => store.getState().show({ overlay: { kind: 'commands' } }),
};
