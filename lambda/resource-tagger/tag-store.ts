import type { Tags } from './wanted-tags';

/** Failure to tag one resource, in the service's terms. */
export interface WriteFailure {
  readonly arn: string;
  readonly name: string;
  readonly message: string;
}

/** Tags of the resources of some services. */
export interface TagStore {
  /** Whether the resource's tags are here; the first store of a list that says so is used. */
  readonly holds: (arn: string) => boolean;
  /** Returns tags by ARN; a resource without tags, or one that is not visible yet, is left out. */
  readonly read: (arns: readonly string[]) => Promise<Map<string, Tags>>;
  /**
   * Adds the same tags to each of the resources, which lack them.
   *
   * @throws the service's error where it is busy; other errors are returned for each resource
   */
  readonly write: (arns: readonly string[], tags: Tags) => Promise<WriteFailure[]>;
}

/** Returns the failure of one resource. */
export function failureOf(arn: string, thrown: unknown): WriteFailure {
  if (!(thrown instanceof Error)) throw thrown;
  return { arn, name: thrown.name, message: thrown.message };
}
