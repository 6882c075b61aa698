import { expect, it } from 'vitest';
import catchFailure from '../../palette/general/catch/activity.ts';
import scope from '../../palette/general/scope/activity.ts';
import { activity, Bench, projectOf, starter, wire, work } from '../../test/kit/run-bench.ts';
import type { Random } from '../base/random.ts';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import type { Activity, Process, Transition } from '../model/document.ts';
import { createRun } from './create-run.ts';
import type { JobDetail } from './run-contract.ts';

const seed = 20_261_127;
const trees = 100;
const depthMax = 4;
/** More than these activities have no scopes and handlers further on. */
const activitiesMax = 60;

/** One thing of a chain, and what takes its failure. */
interface Item {
  readonly id: string;
  /** `condition`: it completes, and the condition behind it cannot be evaluated. */
  readonly fault: 'none' | 'execute' | 'condition';
  /** Chains that run side by side, of a scope. */
  readonly chains: readonly (readonly Item[])[] | undefined;
  /** Behind the catch, of a scope that has one. */
  readonly behindCatch: readonly Item[] | undefined;
  /** Whether the condition behind the catch cannot be evaluated. */
  readonly isCatchBroken: boolean;
  /** Behind an error transition. */
  readonly handler: readonly Item[] | undefined;
  /** Whether the handler leads on to what stands behind the item. */
  readonly rejoins: boolean;
}

class Tree {
  readonly activities: Record<string, Activity> = {};
  readonly transitions: Transition[] = [];
  readonly root: readonly Item[];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#add('start', starter.type, undefined);
    this.root = this.#chain(undefined, 0);
    this.transitions.push(wire('start', this.root[0]!.id));
    this.#wire(this.root);
  }

  get process(): Partial<Process> {
    return { activities: this.activities, transitions: this.transitions };
  }

  #add(id: string, type: string, parent: string | undefined): void {
    const input = type === work.type ? { id: `"${id}"`, error: 'error.activity' } : {};
    this.activities[id] = activity(id, type, { input, ...(parent === undefined ? {} : { parent }) });
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }

  #chain(parent: string | undefined, depth: number): readonly Item[] {
    return Array.from({ length: 1 + randomBelow(this.#random, 3) }, () => this.#item(parent, depth));
  }

  #item(parent: string | undefined, depth: number): Item {
    const count = Object.keys(this.activities).length;
    const mayGrow = depth < depthMax && count < activitiesMax;
    const isScope = mayGrow && this.#chance(0.4);
    const id = `${isScope ? 's' : 'a'}${count}`;
    this.#add(id, isScope ? scope.type : work.type, parent);
    const chains = isScope
      ? Array.from({ length: 1 + randomBelow(this.#random, 2) }, () => this.#chain(id, depth + 1))
      : undefined;
    let behindCatch: readonly Item[] | undefined;
    if (isScope && this.#chance(0.5)) {
      this.#add(`c${id}`, catchFailure.type, id);
      behindCatch = this.#chain(id, depth + 2);
      this.transitions.push(wire(`c${id}`, behindCatch[0]!.id));
    }
    const isCatchBroken = behindCatch !== undefined && this.#chance(0.2);
    const isBroken = this.#chance(isScope ? 0.05 : 0.2);
    const fault = !isBroken ? 'none' : isScope || this.#chance(0.3) ? 'condition' : 'execute';
    const handler = mayGrow && this.#chance(0.25) ? this.#chain(parent, depth + 2) : undefined;
    return { id, fault, chains, behindCatch, isCatchBroken, handler, rejoins: this.#chance(0.5) };
  }

  /** Transitions of a chain, and of all that is in its items. */
  #wire(chain: readonly Item[]): void {
    for (const [at, { id, fault, chains = [], behindCatch, isCatchBroken, handler, rejoins }] of chain.entries()) {
      const next = chain[at + 1];
      if (next) this.transitions.push(wire(id, next.id));
      if (fault === 'condition') this.#brokenCondition(id);
      if (isCatchBroken) this.#brokenCondition(`c${id}`);
      if (handler) this.transitions.push(wire(id, handler[0]!.id, 'error'));
      if (handler && rejoins && next) this.transitions.push(wire(handler.at(-1)!.id, next.id));
      for (const inner of [...chains, ...(behindCatch ? [behindCatch] : []), ...(handler ? [handler] : [])])
        this.#wire(inner);
    }
  }

  #brokenCondition(id: string): void {
    this.#add(`${id}x`, work.type, this.activities[id]!.parent);
    this.transitions.push(wire(id, `${id}x`, 'condition', '"x" > 5'));
  }
}

/** What the plain reference expects of something: activities that fail it, one of which is its error; none when it goes well. */
interface Expected {
  readonly errors: ReadonlySet<string>;
  /** Whether what stands behind a chain is reached. */
  readonly goesOn: boolean;
}

/** Follows the tree as people read it: a failure goes to the handler, else outwards to the next catch. */
class Reference {
  readonly must = new Set<string>();
  /** Side by side with something that failed: how far it came is a matter of time. */
  readonly may = new Set<string>();
  /** Activities that `error` may name, by the activity that reads it; empty for none. */
  readonly error = new Map<string, ReadonlySet<string>>();

  chain(items: readonly Item[], known: ReadonlySet<string>): Expected {
    let error = known;
    for (const [at, item] of items.entries()) {
      const { errors } = this.#item(item, error);
      if (errors.size === 0) continue;
      if (!item.handler) return { errors, goesOn: false };
      const handled = this.chain(item.handler, errors);
      if (handled.errors.size || !handled.goesOn || !item.rejoins || at === items.length - 1)
        return { errors: handled.errors, goesOn: false };
      error = this.#last;
    }
    this.#last = error;
    return { errors: new Set(), goesOn: true };
  }

  #last: ReadonlySet<string> = new Set();

  #item({ id, fault, chains, behindCatch, isCatchBroken }: Item, known: ReadonlySet<string>): Expected {
    this.must.add(id);
    const own: Expected = { errors: new Set(fault === 'none' ? [] : [id]), goesOn: fault === 'none' };
    if (!chains) {
      this.error.set(id, known);
      return own;
    }
    const errors = this.#sideBySide(chains, known);
    if (errors.size === 0) return own;
    if (!behindCatch) return { errors, goesOn: false };
    this.must.add(`c${id}`);
    if (isCatchBroken) return { errors: new Set([`c${id}`]), goesOn: false };
    const caught = this.chain(behindCatch, errors);
    return caught.errors.size ? caught : own;
  }

  #sideBySide(chains: readonly (readonly Item[])[], known: ReadonlySet<string>): ReadonlySet<string> {
    const parts = chains.map((chain) => {
      const part = new Reference();
      return { part, errors: part.chain(chain, known).errors };
    });
    const failed = parts.filter(({ errors }) => errors.size > 0);
    for (const { part, errors } of parts) {
      const isSure = failed.length === 0 || (failed.length === 1 && errors.size > 0);
      for (const id of part.must) (isSure ? this.must : this.may).add(id);
      for (const id of part.may) this.may.add(id);
      for (const [id, possible] of part.error) this.error.set(id, possible);
    }
    return new Set(failed.flatMap(({ errors }) => [...errors]));
  }
}

function check(tree: Tree, job: JobDetail, executed: readonly { id: string; error?: string }[], where: string): void {
  const reference = new Reference();
  const { errors } = reference.chain(tree.root, new Set());
  hold(job.state === (errors.size ? 'failed' : 'completed'), where, `the job is ${job.state}`);
  if (errors.size) hold(errors.has(job.failure!.activity!), where, `the job failed in ${job.failure!.activity}`);
  const ran = job.activities.filter(({ state }) => state === 'completed' || state === 'failed');
  const ids = new Set(ran.map(({ activity: id }) => id));
  for (const id of reference.must) hold(ids.has(id), where, `${id} did not run`);
  for (const id of ids)
    hold(id === 'start' || reference.must.has(id) || reference.may.has(id), where, `${id} ran, and should not`);
  for (const { id, error } of executed) {
    const possible = reference.error.get(id)!;
    hold(possible.size ? possible.has(error!) : error === undefined, where, `${id} sees the error of ${error}`);
  }
  for (const { activity: id, parent, state, failure } of job.activities) {
    const around = job.activities.find(({ execution }) => execution === parent)?.activity;
    hold(around === tree.activities[id]!.parent, where, `${id} is shown in ${around}`);
    hold(state !== 'running', where, `${id} still runs`);
    hold((failure !== null) === (state === 'failed'), where, `${id} is ${state}, with failure ${failure?.message}`);
  }
  // All that stands in what was entered is told, once.
  const told = job.activities.map(({ activity: id }) => id).sort();
  const entered = Object.values(tree.activities).filter(({ parent }) => parent === undefined || ids.has(parent));
  const expected = entered.map(({ id }) => id).sort();
  hold(told.join(' ') === expected.join(' '), where, `tells of ${told}, expected ${expected}`);
}

/** `expect` takes longer than a job. */
function hold(isSo: boolean, where: string, otherwise: string): void {
  if (!isSo) throw new Error(`${where}: ${otherwise}`);
}

it(`${trees} random trees of scopes, failures, error transitions and catches run as a plain reading of them says (seed ${seed})`, async () => {
  const random = new SeededRandom(seed);
  for (let index = 0; index < trees; index++) {
    const tree = new Tree(random);
    const bench = new Bench();
    const catalog = new Map([...bench.catalog, [scope.type, scope], [catchFailure.type, catchFailure]]);
    const faults = new Set<string>();
    const note = (items: readonly Item[]): void => {
      for (const { id, fault, chains = [], behindCatch = [], handler = [] } of items) {
        if (fault === 'execute') faults.add(id);
        for (const inner of [...chains, behindCatch, handler]) note(inner);
      }
    };
    note(tree.root);
    const isAsync = index % 2 === 1;
    bench.work = (input) => {
      const act = () => {
        if (faults.has(input.id as string)) throw new Error(`no ${input.id}`);
        return { id: input.id };
      };
      if (!isAsync || random.next() < 0.5) return act();
      return Promise.resolve().then(act);
    };
    const run = createRun(projectOf(tree.process), bench.options({ catalog }));
    await run.start();
    bench.emit({ n: index });
    for (let turn = 0; turn < 1_000 && bench.outcomes.length === 0; turn++)
      await new Promise((resolve) => setImmediate(resolve));
    expect(bench.outcomes, `seed ${seed} tree ${index} does not end`).toHaveLength(1);
    const job = run.job(run.jobs()[0]!.id)!;
    check(tree, job, bench.executed as { id: string; error?: string }[], `seed ${seed} tree ${index}`);
    expect(run.counts.flow!.jobs.active).toBe(0);
    await run.stop();
  }
});
