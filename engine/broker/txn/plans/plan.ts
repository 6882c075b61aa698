import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { Transaction } from '../transaction.ts';

/** What a command does to a transactional id: nothing but an answer, or a next state to be written before it is answered. */
export type TransactionPlan =
  | { readonly kind: 'answer'; readonly code: ErrorCode }
  | { readonly kind: 'write'; readonly next: Transaction }
  /** The transaction that is open has to be aborted first; the client comes again. */
  | { readonly kind: 'fence'; readonly next: Transaction };

export function answer(code: ErrorCode): TransactionPlan {
  return { kind: 'answer', code };
}

export function write(next: Transaction): TransactionPlan {
  return { kind: 'write', next };
}
