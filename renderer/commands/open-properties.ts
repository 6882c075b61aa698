import type { Command } from './command.ts';
import { hasSelection } from './command.ts';

/** Takes the keyboard to the first field of what is marked. */
export const openProperties: Command = {
  id: 'open-properties',
  title: 'Edit Properties',
  group: 'Edit',
  shortcuts: ['Enter'],
  canRun: hasSelection,
  run: ({ store }) => store.getState().show({ wantedField: 'first' }),
};
