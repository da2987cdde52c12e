import type { Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { redriveResourceTagger } from './redrive-command';

export const operations: Operations = { redrive: redriveOperation(redriveResourceTagger) };
