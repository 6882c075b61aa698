import { expect, it } from 'vitest';
import { FetchBudget } from './fetch-budget.ts';

it('gives the first batch whole, then deals out what is left', () => {
  const budget = new FetchBudget(100);
  expect(budget.share(60)).toEqual({ maxBytes: 60, atLeastOneBatch: true });
  budget.spend(0);
  expect(budget.share(60)).toEqual({ maxBytes: 60, atLeastOneBatch: true });
  budget.spend(70);
  expect(budget.share(60)).toEqual({ maxBytes: 30, atLeastOneBatch: false });
  budget.spend(30);
  expect(budget.share(60)).toBeUndefined();
});

it('lets one batch through even with no bytes to give', () => {
  expect(new FetchBudget(0).share(0)).toEqual({ maxBytes: 0, atLeastOneBatch: true });
});
