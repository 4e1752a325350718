import type { Stage } from '../stage.js';

/** One thing that the example shows. */
export interface Chapter {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}
