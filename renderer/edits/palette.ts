import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';

/** All activities and resources that can be drawn, by type. */
export type Palette = ReadonlyMap<string, ActivityDeclaration>;
