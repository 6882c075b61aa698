import type { Activity, Process, Project, Transition } from '../../../engine/model/document.ts';
import { sampleProject } from './sample-project.ts';

const step = (id: string, type: string, parts: Partial<Activity> = {}): Activity => ({
  ...{ id, name: id, type, config: {}, input: {} },
  ...parts,
});
const wire = (from: string, to: string, kind: Transition['kind'] = 'success'): Transition => ({
  ...{ id: `${from}-${to}`, from, to, kind },
});
const byId = (activities: readonly Activity[]) => Object.fromEntries(activities.map((each) => [each.id, each]));

/** The ids of its processes: one with loops that calls the other. */
export const loopProcess = 'orders';
export const calledProcess = 'price';

const orders: Process = {
  id: loopProcess,
  name: 'Orders',
  activities: byId([
    step('timer', 'general.timer', { name: 'Timer', config: { count: 1 } }),
    step('each', 'general.for-each', {
      name: 'Each line',
      input: { items: '["apples", "pears", "plums"]', collect: 'price.gross' },
    }),
    step('retry', 'general.repeat-on-error', {
      name: 'Look up',
      parent: 'each',
      config: { attempts: 3, delayMs: 20, jitter: 0 },
    }),
    step('check', 'general.mapper', {
      name: 'Check',
      parent: 'retry',
      // The first try of pears fails.
      input: { found: 'each.item = "pears" and retry.attempt = 1 ? $error("not yet") : each.item' },
    }),
    step('price', 'general.call-process', {
      name: 'Price',
      parent: 'each',
      config: { process: calledProcess },
      input: { item: 'each.item', net: 'each.index + 1' },
    }),
    step('log', 'general.log', { name: 'Log', input: { message: '"sum " & $sum(each.outputs)' } }),
    step('catch', 'general.catch', { name: 'Catch all' }),
    step('note', 'general.log', { name: 'Note', config: { level: 'warn' }, input: { message: 'error.message' } }),
  ]),
  transitions: [wire('timer', 'each'), wire('retry', 'price'), wire('each', 'log'), wire('catch', 'note')],
  layout: {
    positions: {
      timer: { x: 0, y: 96 },
      each: { x: 304, y: 0 },
      retry: { x: 32, y: 64 },
      check: { x: 32, y: 64 },
      price: { x: 384, y: 96 },
      log: { x: 1040, y: 96 },
      catch: { x: 304, y: 320 },
      note: { x: 608, y: 320 },
    },
  },
};

const price: Process = {
  id: calledProcess,
  name: 'Price',
  activities: byId([
    step('input', 'general.start', {
      name: 'Start',
      config: { input: { item: 'string', net: 'number' }, output: { gross: 'number' } },
    }),
    step('tax', 'general.mapper', { name: 'Tax', input: { gross: 'input.net * 2' } }),
    step('done', 'general.return', { name: 'Return', input: { gross: 'tax.gross' } }),
  ]),
  transitions: [wire('input', 'tax'), wire('tax', 'done')],
  layout: { positions: { input: { x: 0, y: 0 }, tax: { x: 304, y: 0 }, done: { x: 608, y: 0 } } },
};

/** A timer starts one job: a For Each over three lines, a lookup in it that is tried again, and a process that is called for each. */
export const constructsProject: Project = {
  ...sampleProject,
  name: 'constructs',
  resources: {},
  processes: { [loopProcess]: orders, [calledProcess]: price },
};
