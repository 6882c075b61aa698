import type { Project } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';

/** A secret field that holds something else than a reference. */
export interface LiteralSecret {
  /** `resource "orders"`. */
  readonly where: string;
  readonly label: string;
}

const onlyReference = /^\$\{secret:[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Finds secrets that stand in a project as they are. */
export function literalSecrets(project: Project, catalog: ReadonlyMap<string, ActivityDeclaration>): LiteralSecret[] {
  const found: LiteralSecret[] = [];
  const look = (type: string, config: Readonly<Record<string, JsonValue>>, where: string) => {
    for (const [name, field] of Object.entries(catalog.get(type)?.config ?? {})) {
      const value = config[name];
      if (field.kind !== 'secret' || value === undefined || value === null || value === '') continue;
      if (typeof value !== 'string' || !onlyReference.test(value)) found.push({ where, label: field.label });
    }
  };
  for (const { id, type, config } of Object.values(project.resources)) look(type, config, `resource "${id}"`);
  for (const process of Object.values(project.processes)) {
    for (const { id, type, config } of Object.values(process.activities))
      look(type, config, `activity "${id}" of process "${process.id}"`);
  }
  return found;
}
