import { DescribeInstanceInformationCommand, GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Text of a parameter. Needs `ssm:GetParameter`. */
export async function readParameter(client: Pick<SSMClient, 'send'>, name: string): Promise<string> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
  if (Parameter?.Value === undefined) throw new Error(`the parameter ${name} has no value`);
  return Parameter.Value;
}

/** Whether the agent of an instance reports to Systems Manager. Needs `ssm:DescribeInstanceInformation`. */
export async function isAgentOnline(client: Pick<SSMClient, 'send'>, instanceId: string): Promise<boolean> {
  const Filters = [{ Key: 'InstanceIds', Values: [instanceId] }];
  const { InstanceInformationList = [] } = await client.send(new DescribeInstanceInformationCommand({ Filters }));
  return InstanceInformationList.some(({ PingStatus }) => PingStatus === 'Online');
}
