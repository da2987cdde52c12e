import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Text of a parameter. Needs `ssm:GetParameter`. */
export async function readParameter(client: Pick<SSMClient, 'send'>, name: string): Promise<string> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
  if (Parameter?.Value === undefined) throw new Error(`the parameter ${name} has no value`);
  return Parameter.Value;
}
