import type { Command } from './command.ts';
import { always } from './command.ts';

/** Asks for an empty folder to start a project in. */
export const newProject: Command = {
  id: 'new-project',
  title: 'New Project…',
  group: 'File',
  glyph: 'project',
  worksInText: true,
  canRun: always,
  run: ({ store }) => store.getState().show({ overlay: { kind: 'openProject', purpose: 'new' } }),
};
