import { z } from 'zod';

/** Format number of bundles that this version writes, and the newest one it reads. */
export const bundleFormat = 1;
export const manifestName = 'manifest.json';

/** What a bundle says about itself. Every other file in it is listed, with its hash. */
export const manifestSchema = z.object({
  format: z.number().int().positive(),
  /** Version of the engine that exported it. */
  engine: z.string(),
  name: z.string(),
  version: z.string(),
  /** Palette types that its processes and resources use, so that an engine without one can say so. */
  palette: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number().int().nonnegative() })),
});

export type Manifest = z.infer<typeof manifestSchema>;
