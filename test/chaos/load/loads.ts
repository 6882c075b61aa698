import { Copies } from './copies.ts';
import type { Load, LoadGround } from './load.ts';
import { ReadingGroup } from './reading-groups.ts';
import { Sending } from './sending.ts';
import { Transactions } from './transactions.ts';

/** All that is written and read while brokers fail. */
export function loads(ground: LoadGround): readonly Load[] {
  return [
    new Sending(ground),
    new ReadingGroup(ground, 'classic'),
    new ReadingGroup(ground, 'consumer'),
    new Transactions(ground),
    new Copies(ground, 'classic'),
    new Copies(ground, 'consumer'),
  ];
}
