import { expect, it } from 'vitest';
import { planOf, play } from './play.ts';

/** Title, process, and event by event what the step asks for. */
export type Scenario = readonly [string, string, readonly [string, string][]];

/** A test for each scenario; `others` are processes that can be called. */
export function plays(scenarios: readonly Scenario[], others: Readonly<Record<string, string>> = {}): void {
  it.each(scenarios)('%s', (_title, text, steps) => {
    const { lines } = play(
      planOf(text, others),
      steps.map(([event]) => event),
    );
    expect(lines).toEqual(steps.map(([, expected]) => expected));
  });
}
