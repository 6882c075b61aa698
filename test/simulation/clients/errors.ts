import { errorCode, errorName, errorTable } from '../../../engine/protocol/error-codes.ts';

export { errorCode };

const retriableCodes = new Set(
  Object.values(errorTable)
    .filter(({ retriable }) => retriable)
    .map(({ code }) => code as number),
);

/** Whether a client may send the same again, by Kafka's table. */
export function isRetriable(code: number): boolean {
  return retriableCodes.has(code);
}

export function apiErrorName(code: number): string {
  return errorName(code) ?? String(code);
}
