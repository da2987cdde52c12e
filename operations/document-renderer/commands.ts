import type { Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { redriveDocumentRenderer } from './redrive-command';

export const operations: Operations = { redrive: redriveOperation(redriveDocumentRenderer) };
