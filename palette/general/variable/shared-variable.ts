import { MillraceError } from '../../../engine/base/errors.ts';
import { isOfType } from '../../../engine/formats/is-of-type.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type { JobContext, RuntimeHost } from '../../../engine/spi/runtime.ts';
import type variable from './activity.ts';

/** Who asks: a value belongs to a job, to a process, or to all. */
type Sharing = Pick<JobContext, 'process' | 'variables'>;

/** One variable of a run: for each job, for each process, or for all. */
export class SharedVariable {
  readonly #config: ConfigOfDeclaration<typeof variable>;
  readonly #host: RuntimeHost;
  readonly #initial: unknown;
  /** Of a process or the project, by who shares it. */
  readonly #values = new Map<unknown, unknown>();

  constructor(config: ConfigOfDeclaration<typeof variable>, host: RuntimeHost, initial: unknown) {
    this.#config = config;
    this.#host = host;
    this.#initial = initial;
    if (initial !== undefined) this.#check(initial);
  }

  get(job: Sharing): unknown {
    const [values, key] = this.#place(job);
    if (values.has(key)) return values.get(key);
    return (this.#isKept ? this.#host.state.get(String(key)) : undefined) ?? this.#initial;
  }

  /** Throws VARIABLE_TYPE for what its type does not allow. */
  set(job: Sharing, value: unknown): void {
    this.#check(value);
    const [values, key] = this.#place(job);
    values.set(key, value);
    if (this.#isKept) this.#host.state.set(String(key), value as Parameters<RuntimeHost['state']['set']>[1]);
  }

  get #isKept(): boolean {
    return this.#config.keep && this.#config.scope !== 'job';
  }

  #place({ process, variables }: Sharing): [Map<unknown, unknown>, unknown] {
    if (this.#config.scope === 'job') return [variables, this];
    return [this.#values, this.#config.scope === 'process' ? process : ''];
  }

  #check(value: unknown): void {
    const { type } = this.#config;
    if (isOfType(type, value)) return;
    const message = `expected ${type} for the variable ${this.#host.name}, but found ${JSON.stringify(value)?.slice(0, 100)}`;
    throw new MillraceError('VARIABLE_TYPE', message);
  }
}
