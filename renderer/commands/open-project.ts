import type { Command } from './command.ts';
import { always } from './command.ts';

/** Asks for a folder to open. */
export const openProject: Command = {
  id: 'open-project',
  title: 'Open Project…',
  group: 'File',
  shortcuts: ['Ctrl+O'],
  glyph: 'project',
  worksInText: true,
  canRun: always,
  run: ({ store }) => store.getState().show({ overlay: { kind: 'openProject', purpose: 'open' } }),
};
