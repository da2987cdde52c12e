import { Ec2Error, listParam, type Ec2Request } from './ec2-request';

/** Whether a caller may perform an action on a resource. */
export type IsAllowed = (accessKeyId: string, action: string, resource: string) => Promise<boolean>;

/**
 * Error that EC2 answers a dry run with: both outcomes are errors.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
 */
export async function dryRunError(request: Ec2Request, account: string, isAllowed: IsAllowed): Promise<Ec2Error> {
  const allowed = await Promise.all(
    resourcesOf(request, account).map((resource) => isAllowed(request.accessKeyId, `ec2:${request.action}`, resource)),
  );
  return allowed.every(Boolean)
    ? new Ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
    : new Ec2Error('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
}

/** Resources that the emulator compares with policies, by action; for every other action it compares with `*` alone. */
function resourcesOf({ action, params, region }: Ec2Request, account: string): string[] {
  const arn = (type: string, id: string): string => `arn:aws:ec2:${region}:${account}:${type}/${id}`;
  if (/^(DeleteVolume|AttachVolume|DetachVolume|CreateSnapshot)$/.test(action)) {
    return [arn('volume', params.get('VolumeId') ?? '')];
  }
  if (/^(Start|Stop|Reboot|Terminate)Instances$/.test(action)) {
    return listParam(params, 'InstanceId').map((id) => arn('instance', id));
  }
  return ['*'];
}
