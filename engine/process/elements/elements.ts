import type { PlannedScope } from '../plan.ts';
import type { Element } from './element.ts';
import { root } from './root.ts';
import { scope } from './scope.ts';

/** Every construct, by the kind of scope that it runs. */
export const elements: Readonly<Record<PlannedScope['kind'], Element>> = { root, scope };
