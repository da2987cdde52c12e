import type { Operations } from '../command-line/operation';
import { restore } from './restore';

export const operations: Operations = {
  restore: { summary: "restores or verifies a day's backup", run: restore },
};
