import {
  GetTemplateCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  paginateListStacks,
  DescribeStacksCommand,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';

/** Stack that is deployed, or was deleted in the last 90 days. */
export interface KnownStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

export interface StackResource {
  readonly logicalId: string;
  /** Name or id in the service. */
  readonly id: string;
  readonly type: string;
  /** Last status, such as DELETE_SKIPPED for what its stack kept. */
  readonly status: string;
  readonly time: Date;
}

/** Returns the deployed stack of that name, or undefined. */
export async function deployedStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}

/** Stacks of that name which were deleted in the last 90 days, which is as long as CloudFormation lists them. */
export async function deletedStacks(client: CloudFormationClient, name: string): Promise<KnownStack[]> {
  const found: KnownStack[] = [];
  for await (const page of paginateListStacks({ client }, { StackStatusFilter: ['DELETE_COMPLETE'] })) {
    for (const { StackId = '', StackName = '', StackStatus = '' } of page.StackSummaries ?? []) {
      if (StackName === name) found.push({ id: StackId, name, status: StackStatus });
    }
  }
  return found;
}

/**
 * Resources that a stack has or had, each once with its last status.
 *
 * A stack's events name resources that an update or a rollback has replaced, which its list of resources does not.
 */
export async function resourcesOf(client: CloudFormationClient, stackId: string): Promise<StackResource[]> {
  const all = new Map<string, StackResource>();
  const add = (one: StackResource): void => {
    if (one.id !== '' && one.id !== stackId && !all.has(`${one.type} ${one.id}`)) all.set(`${one.type} ${one.id}`, one);
  };
  for await (const page of paginateListStackResources({ client }, { StackName: stackId })) {
    for (const one of page.StackResourceSummaries ?? []) add(toResource(one, one.LastUpdatedTimestamp));
  }
  // The newest first.
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: stackId })) {
    for (const one of page.StackEvents ?? []) add(toResource(one, one.Timestamp));
  }
  return [...all.values()];
}

function toResource(
  one: {
    readonly LogicalResourceId?: string | undefined;
    readonly PhysicalResourceId?: string | undefined;
    readonly ResourceType?: string | undefined;
    readonly ResourceStatus?: string | undefined;
  },
  time = new Date(0),
): StackResource {
  const { LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '', ResourceStatus = '' } = one;
  return { logicalId: LogicalResourceId, id: PhysicalResourceId, type: ResourceType, status: ResourceStatus, time };
}

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      DeletionPolicy: z.unknown().optional(),
      Properties: z.looseObject({ PendingWindowInDays: z.unknown().optional() }).optional(),
    }),
  ),
});

export type DeployedTemplate = z.infer<typeof templateSchema>;

/** Template of a stack, also of a deleted one by its id. */
export async function templateOf(client: CloudFormationClient, stackId: string): Promise<DeployedTemplate> {
  const { TemplateBody = '{}' } = await client.send(new GetTemplateCommand({ StackName: stackId }));
  return templateSchema.parse(JSON.parse(TemplateBody));
}
