import { silentLog } from '../../../base/log.ts';
import { TurnedAway } from '../turned-away.ts';

/** Counts nobody and says nothing. */
export function quietDoor(): TurnedAway {
  return new TurnedAway(
    silentLog,
    () => {},
    () => 0,
  );
}
