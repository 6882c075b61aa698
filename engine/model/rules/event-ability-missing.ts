import { processRule } from './process-rule.ts';

const words: Readonly<Record<string, string>> = { reply: 'be answered' };

/** What an activity does about the event of its job, the starter of the process must offer. */
export const eventAbilityMissing = processRule('EVENT_ABILITY_MISSING', function* (process, catalog) {
  const starter = Object.values(process.activities).find(({ type }) => catalog.get(type)?.kind === 'starter');
  if (!starter) return;
  const offered = catalog.get(starter.type)?.abilities ?? [];
  for (const { id, name, type } of Object.values(process.activities)) {
    const missing = (catalog.get(type)?.abilities ?? []).filter(
      (ability) => id !== starter.id && !offered.includes(ability),
    );
    for (const ability of missing)
      yield {
        activity: id,
        message: `${name} needs a process starter whose events can ${words[ability] ?? ability}; those of ${starter.name} cannot`,
        fix: 'Take another starter, or delete the activity.',
      };
  }
});
