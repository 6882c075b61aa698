import { tidy } from '../edits/tidy.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** Lays the process out from left to right. */
export const tidyLayout: Command = {
  id: 'tidy',
  title: 'Tidy Layout',
  group: 'Edit',
  shortcuts: ['Ctrl+Shift+L'],
  glyph: 'tidy',
  canRun: hasProcess,
  run: ({ store }) => {
    const { activeProcess, edit, canvas, palette } = store.getState();
    if (activeProcess === null) return;
    edit('Tidy layout', tidy(activeProcess, palette));
    canvas?.fitView();
  },
};
