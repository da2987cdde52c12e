import * as z from 'zod/mini';
import { commitSchema, noEnvironment, runIdOf, type Environment, type Run } from './run';

/**
 * Event of a push, as far as it is used. Branch names are text of the pusher.
 * https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
 */
export const pushEventSchema = z.object({
  detail: z.object({
    event: z.enum(['referenceCreated', 'referenceUpdated', 'referenceDeleted']),
    referenceType: z.string(),
    referenceName: z.string().check(z.minLength(1), z.maxLength(256)),
    commitId: z.optional(z.string()),
    // The documented examples lack it; real events of pushes have it.
    callerUserArn: z.optional(z.string()),
  }),
});
export type PushEvent = z.infer<typeof pushEventSchema>;

/** Returns the run that a push wants, or undefined for a tag and a deleted branch. */
export function runOfPush({ detail }: PushEvent, environments: readonly Environment[]): Run | undefined {
  if (detail.referenceType !== 'branch' || detail.event === 'referenceDeleted') return undefined;
  return runOfHead({ branch: detail.referenceName, commit: detail.commitId ?? '' }, environments, detail.callerUserArn);
}

/** Returns the run of a branch's head. */
export function runOfHead(
  { branch, commit }: { readonly branch: string; readonly commit: string },
  environments: readonly Environment[],
  pusher?: string,
): Run {
  const environment = environments.find((one) => one.branch === branch);
  return {
    id: runIdOf(environment?.name ?? noEnvironment, commitSchema.parse(commit)),
    commit,
    branch,
    ...(environment === undefined ? {} : { environment }),
    ...(pusher === undefined ? {} : { pusher }),
  };
}
