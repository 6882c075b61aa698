import type { Random } from '../../../engine/base/random.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';
import type { Process } from '../../../engine/model/document.ts';
import { evaluateAsk } from '../../../engine/process/answers.ts';
import { compileProcess } from '../../../engine/process/compile-process.ts';
import type { ConditionOutcome } from '../../../engine/process/conditions.ts';
import { evaluateConditions } from '../../../engine/process/conditions.ts';
import type { Answer, Ask, JobEvent, StepEffects } from '../../../engine/process/events.ts';
import { clearEffects, createEffects } from '../../../engine/process/events.ts';
import type { Job } from '../../../engine/process/job.ts';
import { createJob, framesOf, plannedOf } from '../../../engine/process/job.ts';
import type { Plan } from '../../../engine/process/plan.ts';
import { step } from '../../../engine/process/step.ts';
import { catalog, host } from '../../../engine/process/testing/process-of.ts';
import { checkEnd, hold, JobWatch } from './job-watch.ts';
import { randomProcesses } from './random-processes.ts';

/** Events of one job, at most: more than that is a job that does not end. */
const eventsMax = 20_000;

/** Answers in a row that cannot be given yet, at most. */
const waitsMax = 5_000;

/** What a simulated job came to. */
export interface SimulatedJob {
  readonly events: number;
  readonly kills: number;
  readonly executions: number;
  readonly isOk: boolean;
  /** Constructs that began, by kind. */
  readonly constructs: ReadonlyMap<string, number>;
}

/**
 * One job of random processes with every construct, from a seed: answers come in any order, activities fail, and now and then the engine is
 * killed and has to come to the same job again from the events that it wrote down. Throws what is broken.
 */
export function simulateJob(seed: number): SimulatedJob {
  const random = new SeededRandom(seed);
  const processes = randomProcesses(random);
  return new Simulation(planOf(processes), random, `seed ${seed}`).run();
}

/** The plan of the first process, with the others to call. */
function planOf(processes: readonly Process[]): Plan {
  const plans = new Map<string, Plan>();
  for (const process of processes) {
    const firstIndex = plans.size * 1_000;
    const compiled = compileProcess(process, { catalog, host, properties: {}, processes: plans, firstIndex });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    plans.set(process.id, compiled.value);
  }
  return plans.get(processes[0]!.id)!;
}

class Simulation {
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #where: string;
  readonly #watch: JobWatch;
  readonly #effects: StepEffects = createEffects();
  /** What would be in the journal. */
  readonly #events: JobEvent[] = [];
  /** What the world still owes the job, in the order in which it was asked for. */
  readonly #open: (() => JobEvent | undefined)[] = [];
  readonly #held = new Map<string, number>();
  #job: Job;
  #kills = 0;
  /** Answers in a row that could not be given. */
  #waits = 0;

  constructor(plan: Plan, random: Random, where: string) {
    this.#plan = plan;
    this.#random = random;
    this.#where = where;
    this.#watch = new JobWatch(where);
    this.#job = createJob(plan, 'j');
  }

  run(): SimulatedJob {
    const list = Array.from({ length: randomBelow(this.#random, 5) }, (_, index) => index);
    this.#step({ type: 'started', output: { n: randomBelow(this.#random, 7), list } });
    while (!this.#job.hasEnded) {
      hold(this.#events.length < eventsMax, this.#where, 'the job does not end');
      hold(this.#open.length > 0, this.#where, 'nothing is under way, and the job has not ended');
      if (this.#random.next() < 0.02) this.#kill();
      const [answer] = this.#open.splice(randomBelow(this.#random, this.#open.length), 1);
      const event = answer!();
      if (event) this.#step(event);
      this.#waits = event ? 0 : this.#waits + 1;
      hold(this.#waits < waitsMax, this.#where, 'everything waits for a lock');
    }
    checkEnd(this.#job, this.#watch, this.#where);
    this.#replay();
    const { executions, constructs } = this.#watch;
    return { events: this.#events.length, kills: this.#kills, executions, isOk: this.#watch.isOk, constructs };
  }

  #step(event: JobEvent): void {
    const effects = this.#effects;
    clearEffects(effects);
    this.#events.push(event);
    step(this.#job, event, effects);
    this.#watch.take(this.#job, event, effects);
    for (const execution of effects.evaluate)
      this.#open.push(() =>
        this.#unless(execution, () => evaluateConditions(this.#job, execution) as ConditionOutcome),
      );
    for (const execution of effects.execute) this.#open.push(() => this.#unless(execution, () => this.#end(execution)));
    for (const ask of effects.asks) this.#ask(ask);
  }

  /** Nobody answers for what was given up. */
  #unless(execution: number, answer: () => JobEvent | undefined): JobEvent | undefined {
    return this.#watch.isGivenUp(execution) ? undefined : answer();
  }

  #end(execution: number): JobEvent {
    if (this.#random.next() >= 0.12) return { type: 'completed', execution, output: { n: execution % 5 } };
    const code = ['NET', 'NET_SLOW', 'DISK', 'ODD'][randomBelow(this.#random, 4)]!;
    const activity = plannedOf(this.#job, execution).id;
    return { type: 'failed', execution, error: { code, message: '', activity, retriable: this.#random.next() < 0.5 } };
  }

  #ask(ask: Ask): void {
    const { execution, token, want } = ask;
    const answer: Answer = { type: 'answered', execution, token, ok: true, answer: undefined };
    this.#open.push(() =>
      this.#unless(execution, () => {
        if (want === 'input' || want === 'fields') return evaluateAsk(this.#job, ask) as Answer;
        if (want !== 'lock') return answer;
        return this.#lock(ask.name, execution) ? answer : this.#later(ask);
      }),
    );
  }

  #later(ask: Ask): undefined {
    this.#ask(ask);
    return undefined;
  }

  /** One holder at a time, as the driver keeps it. */
  #lock(name: string, execution: number): boolean {
    const holder = this.#held.get(name);
    if (holder !== undefined && !this.#watch.hasEnded(holder)) return false;
    this.#held.set(name, execution);
    return true;
  }

  /** Kill -9: what was in memory is gone, the events are not. What the world owes is owed to the executions, by their ids. */
  #kill(): void {
    this.#kills++;
    this.#job = this.#replay();
  }

  #replay(): Job {
    const job = createJob(this.#plan, 'j');
    const effects = createEffects();
    for (const event of this.#events) {
      clearEffects(effects);
      step(job, event, effects);
    }
    hold(stateOf(job) === stateOf(this.#job), this.#where, 'the same events gave another job');
    return job;
  }
}

/** Everything that counts of a job, as text. */
function stateOf(job: Job): string {
  const frames = framesOf(job).map((frame) => ({
    ...{
      at: frame.firstExecution,
      slot: frame.slot,
      iteration: frame.iteration,
      data: frame.data,
      picked: frame.picked,
    },
    ...{ activities: frame.activities, transitions: frame.transitions, undecided: frame.undecided },
    ...{ active: frame.activeCount, failure: frame.failure, caught: frame.caught, hasEnded: frame.hasEnded },
    failures: frame.failures && [...frame.failures],
    undoable: frame.undoable?.map(({ firstExecution }) => firstExecution),
    loops:
      frame.constructs &&
      [...frame.constructs].map(([slot, { ending, ...state }]) => [slot, state, [...ending.keys()]]),
  }));
  return JSON.stringify([frames, job.executionCount, job.hasEnded, job.taken?.size]);
}
