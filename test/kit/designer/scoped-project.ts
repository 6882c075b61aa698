import type { Activity, Project } from '../../../engine/model/document.ts';
import { sampleProject } from './sample-project.ts';

const step = (id: string, type: string, parts: Partial<Activity> = {}): Activity => ({
  ...{ id, name: id, type, config: {}, input: {} },
  ...parts,
});

/** The id of its one process. */
export const scopedProcess = 'order-flow';

/** timer -> order -> last; in the scope `order`: check -> store, catch -> fix. */
export const scopedProject: Project = {
  ...sampleProject,
  name: 'scoped',
  resources: {},
  processes: {
    [scopedProcess]: {
      id: scopedProcess,
      name: 'Order flow',
      activities: {
        timer: step('timer', 'general.timer'),
        order: step('order', 'general.scope', { name: 'Order' }),
        check: step('check', 'general.mapper', { parent: 'order', input: { n: 'timer.count' } }),
        store: step('store', 'general.log', { parent: 'order', input: { message: '"n " & check.n' } }),
        catch: step('catch', 'general.catch', { parent: 'order' }),
        fix: step('fix', 'general.log', { parent: 'order', input: { message: 'error.message' } }),
        last: step('last', 'general.log', { input: { message: '"got " & order.check.n' } }),
      },
      transitions: [
        { id: 'timer-order', from: 'timer', to: 'order', kind: 'success' },
        { id: 'order-last', from: 'order', to: 'last', kind: 'success' },
        { id: 'check-store', from: 'check', to: 'store', kind: 'success' },
        { id: 'catch-fix', from: 'catch', to: 'fix', kind: 'success' },
      ],
      layout: {
        positions: {
          timer: { x: 0, y: 128 },
          order: { x: 304, y: 0 },
          check: { x: 32, y: 64 },
          store: { x: 336, y: 64 },
          catch: { x: 32, y: 176 },
          fix: { x: 336, y: 176 },
          last: { x: 976, y: 128 },
        },
      },
    },
  },
};
