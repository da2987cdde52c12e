import { checkConstraints } from './aws-constraints';
import type { Request } from './call';
import { checkInput } from './check-input';
import { readInput } from './request-input';
import type { ServiceModels } from './service-model';

/** Request of a function that AWS would refuse, whatever the emulator answered. */
export interface Violation {
  /** By its name in a signature. */
  readonly service: string;
  readonly operation: string;
  /** Member and constraint, in a line. */
  readonly violation: string;
}

/** Checks a request against AWS's model of the service, and against constraints that the models lack. */
export function checkRequest(request: Request, models: ServiceModels): Violation[] {
  const { service } = request;
  const model = models[service];
  if (model === undefined) return [];
  const read = readInput(request, model);
  if (read === undefined) return [];
  const { operation } = read;
  return [...checkInput(read, model), ...checkConstraints(read, request)].map((violation) => ({
    service,
    operation,
    violation,
  }));
}
