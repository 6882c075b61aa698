import type { History } from '../clients/history.ts';
import type { Workload } from '../clients/workload.ts';
import type { World } from '../world/world.ts';
import { checkGroups } from './check-groups.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkRecords } from './check-records.ts';
import { checkReplicas } from './check-replicas.ts';
import { checkTenancy } from './check-tenancy.ts';
import { checkTransactions } from './check-transactions.ts';

/** Reports a broken invariant by its name. */
export type Report = (invariant: string, message: string) => void;

/** Judges a run that has come together again: its history and what is on the disks. */
export function checkFinal(world: World, history: History, { admin, steward, transactions }: Workload): void {
  const report: Report = (invariant, message) => world.violate(invariant, message);
  checkRecords(history, report);
  checkGroups(history, report);
  if (transactions) checkTransactions(transactions.history, transactions.ledger.partitions, report);
  checkReplicas(world, report);
  checkMetadata(world, admin.ledger, report);
  if (steward) checkTenancy(world, steward, report);
}
