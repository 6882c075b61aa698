import type { PlannedScope } from '../plan.ts';
import { call } from './call.ts';
import { compensate } from './compensate.ts';
import { criticalSection } from './critical-section.ts';
import type { Element } from './element.ts';
import { exit } from './exit.ts';
import { forEach } from './for-each.ts';
import { pick } from './pick.ts';
import { repeat } from './repeat.ts';
import { repeatOnError } from './repeat-on-error.ts';
import { rethrow } from './rethrow.ts';
import { returning } from './return.ts';
import { root } from './root.ts';
import { scope } from './scope.ts';
import { whileLoop } from './while.ts';

/** What begins a branch, or a process, executes by being begun. */
const beginning: Element = {};

/** Every construct, by its kind. */
export const elements: Readonly<Record<PlannedScope['kind'], Element>> = {
  root,
  scope,
  'for-each': forEach,
  while: whileLoop,
  repeat,
  'repeat-on-error': repeatOnError,
  'critical-section': criticalSection,
  pick,
  catch: beginning,
  compensation: beginning,
  compensate,
  rethrow,
  exit,
  return: returning,
  start: beginning,
  call,
};
