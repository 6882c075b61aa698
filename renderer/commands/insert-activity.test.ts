import { expect, it } from 'vitest';
import { openSample } from '../../test/kit/designer/render.tsx';
import { deleteSelection } from './delete-selection.ts';
import { insertActivity } from './insert-activity.ts';
import { runCommand } from './run-command.ts';

it('gives an activity no id under which another one ran: it would show that one’s counts', () => {
  const { store } = openSample();
  const counted = { started: 36, completed: 36, failed: 0, active: 0 };
  const process = { activities: { log: counted }, transitions: {}, jobs: { active: 0, completed: 36, failed: 0 } };
  store.getState().hear('/projects/earthquakes', { counts: { 'triage-quakes': process } });
  store.getState().select({ activities: ['log'] });
  runCommand(store, deleteSelection);
  const added = insertActivity(store, { type: 'general.log', position: { x: 0, y: 900 } });
  expect(added).not.toBe('log');
  expect(store.getState().counts['triage-quakes']?.activities[added!]).toBeUndefined();
});
