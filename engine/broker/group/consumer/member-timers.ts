import type { Clock } from '../../../base/clock.ts';
import { Deadlines } from '../../coordinator/deadlines.ts';
import type { TimerChange, TimerKind } from './draft.ts';

/** A member that has not done in time what it was waited for. */
export interface DueTimer {
  readonly memberId: string;
  readonly kind: TimerKind;
}

interface Running extends DueTimer {
  readonly groupId: string;
  dueMs: number;
}

/** What the members of a partition's groups are waited for, and until when. Soft: made anew when a partition is loaded. */
export class MemberTimers {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines<Running>;
  /** By group, then by member and kind. */
  readonly #groups = new Map<string, Map<string, Running>>();

  /** `onDue` is called with a group that has members who are late. */
  constructor(clock: Clock, onDue: (groupId: string) => void) {
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock, (running) => {
      if (running.dueMs <= clock.monotonic()) onDue(running.groupId);
      else this.#deadlines.set(running, running.dueMs);
    });
  }

  take(groupId: string, { memberId, kind, delayMs, ifAbsent }: TimerChange): void {
    const key = `${kind} ${memberId}`;
    const timers = this.#groups.get(groupId);
    const running = timers?.get(key);
    if (delayMs === undefined) {
      if (!running) return;
      this.#deadlines.clear(running);
      timers?.delete(key);
      if (timers?.size === 0) this.#groups.delete(groupId);
      return;
    }
    if (running && ifAbsent) return;
    const dueMs = this.#clock.monotonic() + delayMs;
    if (running) {
      running.dueMs = dueMs;
      this.#deadlines.set(running, dueMs);
      return;
    }
    const added: Running = { groupId, memberId, kind, dueMs };
    if (timers) timers.set(key, added);
    else this.#groups.set(groupId, new Map([[key, added]]));
    this.#deadlines.set(added, dueMs);
  }

  /** Who is late now; their timers are over. */
  due(groupId: string): DueTimer[] {
    const nowMs = this.#clock.monotonic();
    const timers = this.#groups.get(groupId);
    const due = [...(timers ?? [])].filter(([, { dueMs }]) => dueMs <= nowMs);
    for (const [key, running] of due) {
      this.#deadlines.clear(running);
      timers?.delete(key);
    }
    return due.map(([, running]) => running);
  }

  /** Nobody of the group is waited for any more. */
  forget(groupId: string): void {
    for (const running of this.#groups.get(groupId)?.values() ?? []) this.#deadlines.clear(running);
    this.#groups.delete(groupId);
  }

  clear(): void {
    this.#deadlines.clearAll();
    this.#groups.clear();
  }
}
