import { messageOf } from '../../engine/base/errors.ts';
import { isRunning } from '../store/selectors.ts';
import type { Command } from './command.ts';

/** Stops taking new work and lets the jobs that run end. */
export const stopRun: Command = {
  id: 'stop',
  title: 'Stop',
  group: 'Run',
  shortcuts: ['Shift+F5'],
  glyph: 'stop',
  worksInText: true,
  canRun: (state) => isRunning(state) && state.run.state !== 'stopping',
  run: async ({ store }) => {
    const { client, notify, hear, run, projectPath } = store.getState();
    hear(projectPath, { run: { ...run, state: 'stopping' } });
    try {
      hear(projectPath, { run: await client.call('run.stop', {}) });
    } catch (thrown) {
      notify({ tone: 'danger', text: `The run did not stop: ${messageOf(thrown)}` });
    }
  },
};
