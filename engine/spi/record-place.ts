import { z } from 'zod';

/** Where a record lies. */
export const recordPlaceSchema = z.object({
  topic: z.string(),
  partition: z.number().int(),
  offset: z.number().int(),
});
/** Where a record lies. */
export type RecordPlace = Readonly<z.output<typeof recordPlaceSchema>>;
