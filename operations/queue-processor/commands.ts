import type { Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { redriveQueueProcessor } from './redrive-command';

export const operations: Operations = { redrive: redriveOperation(redriveQueueProcessor) };
