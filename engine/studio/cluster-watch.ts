import { readFile } from 'node:fs/promises';
import type { Cancel, Clock } from '../base/clock.ts';
import type { ClusterAccess } from '../spi/cluster-access.ts';
import type { ClusterHandle } from './cluster-handle.ts';
import { noCluster } from './cluster-handle.ts';
import type { ClusterStatus } from './contract.ts';

/** Pause between looks at memory and controller, which no event tells of. */
const lookEveryMs = 2_000;
/** Bytes of a page of Linux memory (x64, arm64 as distributed). */
const pageBytes = 4_096;

/** Which broker is the active controller, asked from the cluster; undefined when it does not say. */
export interface AskController {
  find(bootstrap: string): Promise<number | undefined>;
}

/** The cluster's status with what its supervisor does not know: memory of the processes and the active controller. */
export class ClusterWatch {
  readonly #handle: ClusterHandle | undefined;
  readonly #clock: Clock;
  readonly #ask: AskController;
  readonly #changed: (status: ClusterStatus) => void;
  readonly #memory = new Map<number, number>();
  #controller: number | undefined;
  #last = '';
  #cancelLook: Cancel = () => {};
  #stopListening: () => void = () => {};
  #isStopped = false;

  constructor(
    handle: ClusterHandle | undefined,
    clock: Clock,
    ask: AskController,
    changed: (status: ClusterStatus) => void,
  ) {
    this.#handle = handle;
    this.#clock = clock;
    this.#ask = ask;
    this.#changed = changed;
  }

  start(): void {
    if (!this.#handle) return;
    this.#stopListening = this.#handle.onChange(() => this.#tell());
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelLook();
    this.#stopListening();
  }

  get status(): ClusterStatus {
    const status = this.#handle?.status() ?? noCluster;
    return {
      ...status,
      brokers: status.brokers.map((broker) => ({
        ...broker,
        isController: broker.isController || (broker.state === 'running' && broker.id === this.#controller),
        memoryBytes: broker.memoryBytes ?? (broker.pid === null ? null : (this.#memory.get(broker.pid) ?? null)),
      })),
    };
  }

  /** How one gets into the cluster; undefined where nobody has to prove anything. */
  get access(): ClusterAccess | undefined {
    return this.#handle?.access?.();
  }

  async #look(): Promise<void> {
    const { brokers, bootstrap, state } = this.status;
    const isUp = bootstrap !== null && (state === 'running' || state === 'degraded');
    if (isUp) this.#controller = (await this.#ask.find(bootstrap).catch(() => undefined)) ?? this.#controller;
    this.#memory.clear();
    for (const { pid } of brokers) {
      const bytes = pid === null ? undefined : await residentBytes(pid);
      if (pid !== null && bytes !== undefined) this.#memory.set(pid, bytes);
    }
    if (this.#isStopped) return;
    this.#tell();
    this.#cancelLook = this.#clock.after(lookEveryMs, () => void this.#look());
  }

  /** Tells only what changed; memory counts in whole MiB. */
  #tell(): void {
    const { status } = this;
    const coarse = JSON.stringify(status, (key, value) =>
      key === 'memoryBytes' && value ? Math.round(value / 2 ** 20) : value,
    );
    if (coarse === this.#last) return;
    this.#last = coarse;
    this.#changed(status);
  }
}

/** Memory of a process as the kernel counts it; undefined where there is no /proc. */
async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
    return Number.isFinite(pages) ? pages * pageBytes : undefined;
  } catch {
    return undefined;
  }
}
