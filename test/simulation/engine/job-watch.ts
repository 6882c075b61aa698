import type { JobEvent, StepEffects } from '../../../engine/process/events.ts';
import type { Frame, Job } from '../../../engine/process/job.ts';
import { executionOf, frameOf, framesOf, plannedOf, processFrameOf } from '../../../engine/process/job.ts';
import { ActivityState, TransitionState } from '../../../engine/process/plan.ts';

/** Throws what does not hold. */
export function hold(isSo: unknown, where: string, otherwise: string): void {
  if (!isSo) throw new Error(`${where}: ${otherwise}`);
}

/** Looks at every step of a job from outside: what began, what ended, and that neither happens twice. */
export class JobWatch {
  readonly constructs = new Map<string, number>();
  isOk = false;
  readonly #where: string;
  readonly #begun = new Set<number>();
  readonly #ended = new Set<number>();
  readonly #givenUp = new Set<number>();
  /** Calls that a Return has ended, by their execution; the job itself is -1. After a kill the frames are other objects. */
  readonly #left = new Set<number>();

  constructor(where: string) {
    this.#where = where;
  }

  get executions(): number {
    return this.#begun.size;
  }

  isGivenUp(execution: number): boolean {
    return this.#givenUp.has(execution);
  }

  hasEnded(execution: number): boolean {
    return this.#ended.has(execution) || this.#givenUp.has(execution);
  }

  /** Executions that began and have not ended. */
  get underWay(): readonly number[] {
    return [...this.#begun].filter((execution) => !this.hasEnded(execution));
  }

  take(job: Job, event: JobEvent, effects: StepEffects): void {
    // Conditions may fail what has completed, was passed over, or began the job.
    if (event.type === 'completed' || (event.type === 'failed' && event.error.transition === undefined))
      this.#end(event.execution);
    for (const execution of effects.begun) this.#begin(job, execution);
    for (const execution of effects.execute) this.#begin(job, execution);
    for (const { execution, ok } of effects.finished) {
      this.#end(execution);
      if (ok) this.#leave(job, execution);
    }
    for (const execution of effects.cancelled) this.#givenUp.add(execution);
    for (const execution of effects.skipped)
      hold(!this.#begun.has(execution), this.#where, `${execution} was skipped after it began`);
    if (effects.ended) this.isOk = effects.ended.ok;
    for (const frame of job.frames ?? []) this.#bounds(frame);
  }

  #begin(job: Job, execution: number): void {
    const { construct, id } = plannedOf(job, execution);
    hold(!this.#begun.has(execution), this.#where, `${id} (${execution}) began twice`);
    hold(!job.hasEnded || this.#ended.has(execution) || construct, this.#where, `${id} began after the end`);
    this.#begun.add(execution);
    if (construct !== undefined) this.constructs.set(construct, (this.constructs.get(construct) ?? 0) + 1);
    const frame = frameOf(job, execution);
    const { incoming } = frame.scope.activities[execution - frame.firstExecution]!;
    const states = incoming.map((transition) => frame.transitions[transition]);
    hold(
      !states.includes(TransitionState.undecided),
      this.#where,
      `${id} began before all that leads to it was decided`,
    );
    hold(!incoming.length || states.includes(TransitionState.taken), this.#where, `${id} began on no transition`);
  }

  #leave(job: Job, execution: number): void {
    const { construct } = plannedOf(job, execution);
    if (construct === 'exit') this.#left.add(-1);
    if (construct === 'return') this.#left.add(executionOf(processFrameOf(frameOf(job, execution))) ?? -1);
  }

  /** Whether a frame was given up, with something around it. */
  wasGivenUp(frame: Frame): boolean {
    for (let at: Frame | undefined = frame; at; at = at.parent) {
      const execution = executionOf(at) ?? -1;
      if (this.#left.has(execution) || this.#givenUp.has(execution)) return true;
    }
    return false;
  }

  #end(execution: number): void {
    hold(this.#begun.has(execution), this.#where, `${execution} ended before it began`);
    hold(!this.#givenUp.has(execution), this.#where, `${execution} ended after it was given up`);
    hold(!this.#ended.has(execution), this.#where, `${execution} ended twice`);
    this.#ended.add(execution);
  }

  #bounds(frame: Frame): void {
    for (const [slot, { running, begun, items }] of frame.constructs ?? []) {
      const { settings, construct } = frame.scope.activities[slot]!;
      if (construct === 'for-each')
        hold(running <= Number(settings.parallel ?? 1), this.#where, 'too many rounds at once');
      if (items) hold(begun <= items.length, this.#where, 'more rounds than items');
    }
    hold(frame.activeCount >= 0, this.#where, 'less than nothing is active');
  }
}

/** What is true of every job that has ended: nothing is under way, nothing was lost, no failure was forgotten. */
export function checkEnd(job: Job, watch: JobWatch, where: string): void {
  hold(watch.underWay.length === 0, where, `ended while ${watch.underWay.length} executions were under way`);
  for (const frame of framesOf(job)) {
    hold(frame.hasEnded, where, `the frame of ${executionOf(frame)} has not ended`);
    hold(!frame.activities.includes(ActivityState.active), where, 'something is active after the end');
    if (frame.failure) checkFailure(frame, where);
    else if (!watch.wasGivenUp(frame)) checkWhole(frame, where);
  }
  // An Exit may end it for a failure further inside.
  const isWell = job.root.failure === undefined;
  hold(watch.isOk === isWell || (isWell && watch.wasGivenUp(job.root)), where, 'the job hides a failure');
}

/** A scope that failed is a failure in the frame around it, unless that was given up. */
function checkFailure({ parent, slot, iteration, undoneBy }: Frame, where: string): void {
  if (!parent || iteration !== undefined || undoneBy) return;
  const state = parent.activities[slot];
  hold(state === ActivityState.failed || state === ActivityState.skipped, where, 'a scope lost its failure');
}

/** Nothing waits for ever: every activity ran or was skipped, but for what undoes a scope that nobody undid. */
function checkWhole({ scope, activities, transitions }: Frame, where: string): void {
  const undoing = branchOf(scope);
  for (const { slot, id } of scope.activities)
    hold(undoing.has(slot) || activities[slot] !== ActivityState.waiting, where, `${id} waits for ever`);
  for (const { slot, from, id } of scope.transitions)
    hold(undoing.has(from) || transitions[slot] !== TransitionState.undecided, where, `${id} was never decided`);
}

function branchOf({ compensation, activities, transitions }: Frame['scope']): ReadonlySet<number> {
  const branch = new Set(compensation === undefined ? [] : [compensation]);
  for (const at of branch) for (const outgoing of activities[at]!.outgoing) branch.add(transitions[outgoing]!.to);
  return branch;
}
