import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { activities, catalog } from './catalog.ts';
import { runtimes } from './runtimes.ts';

describe('the palette', () => {
  it.each(activities.map((declaration) => [declaration.type, declaration] as const))(
    '%s is declared well',
    (type, declaration) => {
      const folder = new URL(`./${type.replace('.', '/')}/`, import.meta.url);
      const icon = readFileSync(new URL('icon.svg', folder), 'utf8');
      expect(icon).toMatch(/^<svg [^>]*viewBox="0 0 24 24"[^>]*fill="none" stroke="currentColor" stroke-width="1.5"/);
      expect(declaration.suggestedId).toMatch(/^[a-z]+$/);
      for (const [name, field] of Object.entries(declaration.config)) {
        expect(field.help, `${type} ${name}`).toMatch(/[.]$/);
        if (field.visibleWhen) expect(Object.keys(declaration.config)).toContain(field.visibleWhen.field);
        if (field.kind === 'lookup') expect(declaration.config[field.of]?.kind).toBe('resource');
        if (field.kind === 'choice') expect(field.choices.map((choice) => choice.value)).toContain(field.default);
      }
    },
  );

  it('has no type twice', () => {
    expect(catalog.size).toBe(activities.length);
  });

  it.each(Object.keys(runtimes))('the runtime of %s says the type and kind of its declaration', async (type) => {
    const runtime = await runtimes[type]!();
    expect([runtime.type, runtime.kind]).toEqual([type, catalog.get(type)!.kind]);
  });
});
