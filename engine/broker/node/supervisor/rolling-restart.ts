import { MillraceError } from '../../../base/errors.ts';

/** What a rolling restart needs of the brokers. */
export interface RollingBrokers {
  readonly ids: readonly number[];
  /** Ends a broker in order and starts it again; resolves when it is ready. */
  restart(id: number): Promise<void>;
  /** Partitions that lack an in-sync replica, over all brokers; undefined where a broker does not tell. */
  lacking(): Promise<number | undefined>;
}

export interface RollingOptions {
  /** Hears what is done, in a few words. */
  readonly note: (text: string) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** Longest wait for replicas to be in sync before the next broker, in ms. */
  readonly inSyncWaitMsMax?: number;
}

const inSyncWaitMsStandard = 300_000;
const pollMs = 100;
/** So often in a row nothing may be missing: what a broker tells of itself is old by then. */
const wholeLooks = 3;

/**
 * Restarts brokers one after the other. Each hands its leaderships over before it ends, and the next one waits until every partition has
 * all of its replicas in sync again: so there is always somebody who has all that was acknowledged.
 * @throws MillraceError `REPLICAS_NOT_IN_SYNC` when they are not in time; brokers that come later are left as they were. And what a start
 * fails with.
 */
export async function rollingRestart(brokers: RollingBrokers, options: RollingOptions): Promise<void> {
  const { ids } = brokers;
  if (ids.length === 1) options.note('there is one broker: its clients wait until it is back');
  for (const [index, id] of ids.entries()) {
    await untilInSync(brokers, options, `before broker ${id} is restarted`);
    options.note(`restarting broker ${id} (${index + 1} of ${ids.length})`);
    await brokers.restart(id);
    options.note(`broker ${id} is ready again`);
  }
  await untilInSync(brokers, options, 'after the last broker was restarted');
}

async function untilInSync(
  brokers: RollingBrokers,
  { pause, note, inSyncWaitMsMax = inSyncWaitMsStandard }: RollingOptions,
  when: string,
): Promise<void> {
  let whole = 0;
  for (let waitedMs = 0; whole < wholeLooks; waitedMs += pollMs) {
    const lacking = await brokers.lacking();
    whole = lacking === 0 ? whole + 1 : 0;
    if (whole === wholeLooks) return;
    if (waitedMs >= inSyncWaitMsMax)
      throw new MillraceError(
        'REPLICAS_NOT_IN_SYNC',
        `expected all replicas in sync ${when}, found ${lacking ?? 'a broker that does not tell and perhaps'} partitions that lack one after ${inSyncWaitMsMax} ms`,
        { retriable: true },
      );
    if (waitedMs > 0 && waitedMs % 5_000 === 0)
      note(`waiting for ${lacking ?? 'some'} partitions to be in sync ${when}`);
    await pause(pollMs);
  }
}
