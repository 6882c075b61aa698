import { z } from 'zod';
import { activityIdPattern, reservedActivityIds } from './document.ts';
import type { JsonValue } from './json-value.ts';

/** The shapes of the files of a project. All objects are loose: fields of other versions and other tools stay where they are. */

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);
const config = z.record(z.string(), json).default({});
const activityId = z
  .string()
  .regex(activityIdPattern, 'expected an identifier of letters, digits and _')
  .refine((id) => !reservedActivityIds.includes(id), 'expected an id that the job’s data does not use itself');

/** `millrace.json` */
export const projectFile = z.looseObject({
  format: z.number(),
  name: z.string().min(1),
  version: z.string().default('0.1.0'),
  description: z.string().optional(),
  properties: z
    .record(
      z.string().regex(activityIdPattern, 'expected an identifier of letters, digits and _'),
      z.looseObject({
        type: z.enum(['string', 'number', 'boolean']).default('string'),
        default: z.union([z.string(), z.number(), z.boolean()]).optional(),
        description: z.string().optional(),
      }),
    )
    .default({}),
});

/** `processes/<id>.process.json` */
export const processFile = z.looseObject({
  format: z.number(),
  name: z.string().min(1),
  description: z.string().optional(),
  activities: z.record(
    activityId,
    z.looseObject({
      name: z.string(),
      type: z.string().min(1),
      config,
      input: z.record(z.string(), z.string()).default({}),
      disabled: z.boolean().optional(),
      parent: z.string().optional(),
    }),
  ),
  transitions: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        from: z.string(),
        to: z.string(),
        kind: z.enum(['success', 'condition', 'otherwise', 'error']),
        condition: z.string().optional(),
        name: z.string().optional(),
      }),
    )
    .default([]),
});

/** `processes/<id>.layout.json` */
export const layoutFile = z.looseObject({
  format: z.number(),
  positions: z.record(z.string(), z.looseObject({ x: z.number(), y: z.number() })).default({}),
  collapsed: z.array(z.string()).optional(),
  notes: z
    .array(
      z.looseObject({
        id: z.string(),
        x: z.number(),
        y: z.number(),
        width: z.number().optional(),
        height: z.number().optional(),
        text: z.string(),
      }),
    )
    .optional(),
  colors: z.record(z.string(), z.string()).optional(),
});

/** `resources/<id>.<group>.json` */
export const resourceFile = z.looseObject({
  format: z.number(),
  type: z.string().min(1),
  name: z.string().min(1),
  description: z.string().optional(),
  config,
});

/** `profiles/<id>.json`: nothing but property values, as text. */
export const profileFile = z.record(z.string(), z.string());
