import type { Random } from '../../../engine/base/random.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import type { Activity, Process, Transition, TransitionKind } from '../../../engine/model/document.ts';

/** Activities of one process, at most; nothing stands deeper than `depthMax` scopes. */
const activitiesMax = 40;
const depthMax = 4;

/** Scopes, and how often each is drawn. */
const scopeTypes = ['t.scope', 't.scope', 't.each', 't.each', 't.while', 't.repeat', 't.retry', 't.lock', 't.pick'];
const kinds: readonly TransitionKind[] = ['success', 'success', 'success', 'condition', 'otherwise', 'error', 'error'];
/** The last one is a fault of the user's. */
const conditions = ['true', 'false', 'start.n > 3', 'start.n < 3', 'start.n > "x"'];
const items = ['[]', '[1]', '[1, 2, 3]', 'start.list', 'start.n > "x"'];
const codes = ['', 'NET', 'NET_*', 'DISK, NET'];

/** The main process of a simulation and those that it may call, each with every construct that fits. */
export function randomProcesses(random: Random): readonly Process[] {
  const called = Array.from({ length: randomBelow(random, 3) }, (_, index) => `sub${index}`);
  // None calls itself, through others either: calls that branch would be without number before they are too deep.
  return ['main', ...called].map((id, index) => new ProcessMaker(random, id, called.slice(index)).make());
}

class ProcessMaker {
  readonly #random: Random;
  readonly #id: string;
  readonly #called: readonly string[];
  readonly #activities: Record<string, Activity> = {};
  readonly #transitions: Transition[] = [];

  constructor(random: Random, id: string, called: readonly string[]) {
    this.#random = random;
    this.#id = id;
    this.#called = called;
  }

  make(): Process {
    // Everything reads the output of the starter by the same name.
    const type = this.#id === 'main' ? 't.start' : 't.begin';
    this.#activities.start = { id: 'start', name: 'start', type, config: {}, input: {} };
    this.#fill(undefined, 0);
    this.#wire(undefined);
    return {
      ...{ id: this.#id, name: this.#id, activities: this.#activities, transitions: this.#transitions },
      layout: { positions: {} },
    };
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }

  #one<T>(of: readonly T[]): T {
    return of[randomBelow(this.#random, of.length)]!;
  }

  #add(type: string, parent: string | undefined, parts: Partial<Activity> = {}): string {
    const id = `${type.slice(2)}_${Object.keys(this.#activities).length}`;
    const isOff = this.#chance(0.05) ? { disabled: true } : {};
    const place = parent === undefined ? {} : { parent };
    this.#activities[id] = { id, name: id, type, config: {}, input: {}, ...isOff, ...place, ...parts };
    return id;
  }

  /** What stands directly in a scope. */
  #fill(parent: string | undefined, depth: number): void {
    for (let count = randomBelow(this.#random, 5); count >= 0; count--) {
      if (Object.keys(this.#activities).length >= activitiesMax) return;
      if (depth < depthMax && this.#chance(0.4)) this.#addScope(parent, depth);
      else this.#addLeaf(parent);
    }
    for (let catches = this.#chance(0.4) ? 1 + randomBelow(this.#random, 2) : 0; catches > 0; catches--)
      this.#addCatch(parent);
    if (parent !== undefined && this.#chance(0.25)) this.#add('t.undo', parent);
  }

  /** Catches for the same failures are a problem of their own. */
  #addCatch(parent: string | undefined): void {
    const code = this.#one(codes);
    const isTaken = Object.values(this.#activities).some(
      (other) =>
        other.type === 't.catch' &&
        other.parent === parent &&
        codeList(other.config.codes).some((each) => codeList(code).includes(each)),
    );
    if (!isTaken) this.#add('t.catch', parent, { config: { codes: code } });
  }

  #addLeaf(parent: string | undefined): void {
    const draw = this.#random.next();
    if (draw < 0.06 && this.#called.length)
      this.#add('t.call', parent, {
        config: { process: this.#one(this.#called) },
        input: { n: 'start.n', list: 'start.list' },
      });
    else if (draw < 0.1) this.#add('t.rethrow', parent);
    else if (draw < 0.14) this.#add('t.compensate', parent);
    else if (draw < 0.15) this.#add('t.exit', parent);
    else if (draw < 0.17) this.#add('t.return', parent, { input: { n: 'start.n' } });
    else this.#add('t.step', parent);
  }

  #addScope(parent: string | undefined, depth: number): void {
    const type = this.#one(scopeTypes);
    const id = this.#add(type, parent);
    const rounds = String(randomBelow(this.#random, 4));
    const collect = this.#chance(0.4) ? { collect: this.#chance(0.1) ? 'start.n > "x"' : `${id}.index` } : {};
    const parts: Readonly<Record<string, Partial<Activity>>> = {
      't.each': {
        config: { parallel: 1 + randomBelow(this.#random, 3) },
        input: { items: this.#one(items), ...collect },
      },
      't.while': { input: { condition: `${id}.index < ${rounds}`, ...collect } },
      't.repeat': { config: { roundsMax: 5 }, input: { until: `${id}.index >= ${rounds}`, ...collect } },
      't.retry': { config: { attempts: 1 + randomBelow(this.#random, 3), delayMs: 10 } },
      't.lock': { config: { lock: 'a' } },
    };
    this.#activities[id] = { ...this.#activities[id]!, ...parts[type] };
    this.#fill(id, depth + 1);
    this.#wire(id);
  }

  /** Most of what stands at the top is reached. */
  #wireStart(all: readonly Activity[]): void {
    for (const { id, type } of all.slice(1))
      if (type !== 't.catch' && this.#chance(0.6))
        this.#transitions.push({ id: `t${this.#transitions.length}`, from: 'start', to: id, kind: 'success' });
  }

  /** From earlier activities of a scope to later ones; what a compensation begins is a branch of its own. */
  #wire(parent: string | undefined): void {
    const all = Object.values(this.#activities).filter((each) => each.parent === parent);
    const own = new Set(all.filter(({ type }) => type === 't.undo').map(({ id }) => id));
    if (parent === undefined) this.#wireStart(all);
    for (let to = 1; to < all.length; to++) {
      const target = all[to]!;
      if (target.type === 't.catch' || target.type === 't.undo' || target.id === 'start') continue;
      const isUndoing = own.size > 0 && this.#chance(0.2);
      for (let wires = randomBelow(this.#random, 3); wires >= 0; wires--) {
        const before = all.slice(0, to).filter(({ id }) => own.has(id) === isUndoing);
        // In a Pick something is left that begins it.
        if (before.length === 0 || this.#chance(0.15)) continue;
        const kind = this.#one(kinds);
        const condition = kind === 'condition' ? { condition: this.#one(conditions) } : {};
        const from = this.#one(before).id;
        this.#transitions.push({ id: `t${this.#transitions.length}`, from, to: target.id, kind, ...condition });
        if (isUndoing) own.add(target.id);
      }
    }
  }
}

function codeList(code: unknown): readonly string[] {
  return typeof code === 'string' && code !== '' ? code.split(', ') : ['*'];
}
