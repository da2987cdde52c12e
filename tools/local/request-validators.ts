import { APIGatewayClient, CreateRequestValidatorCommand, UpdateMethodCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from './client-settings';
import { nameOf, resourcesOf, type Assembly } from './localize/assembly';
import { referenceOf } from './localize/removal';
import type { AppliedRule } from './localize/rule';

/** Method of a REST API whose requests are validated; ids are those of the template. */
export interface ValidatedMethod {
  readonly stack: string;
  readonly name: string;
  readonly api: string;
  readonly resource: string;
  readonly httpMethod: string;
  readonly validator: { readonly id: string; readonly body: boolean; readonly parameters: boolean };
}

/** Methods of the deployed stacks with a request validator. */
export function validatedMethods(assembly: Assembly, stackIds: readonly string[]): ValidatedMethod[] {
  return resourcesOf(assembly, 'AWS::ApiGateway::Method').flatMap((placed) => {
    const { stack, resource } = placed;
    const properties = resource.Properties ?? {};
    const idOf = (property: string): string => referenceOf(properties[property])?.id ?? '';
    const validator = idOf('RequestValidatorId');
    const { HttpMethod: httpMethod } = properties;
    const flags = stack.template.Resources[validator]?.Properties;
    if (flags === undefined || typeof httpMethod !== 'string' || !stackIds.includes(stack.id)) return [];
    return [
      {
        stack: stack.id,
        name: nameOf(placed),
        api: idOf('RestApiId'),
        resource: idOf('ResourceId'),
        httpMethod,
        validator: {
          id: validator,
          body: flags['ValidateRequestBody'] === true,
          parameters: flags['ValidateRequestParameters'] === true,
        },
      },
    ];
  });
}

/** Makes the validators by API calls and gives them to their methods, since the emulator's CloudFormation only names them. */
export async function setRequestValidators(
  methods: readonly ValidatedMethod[],
  endpoint: string,
  certificate: string,
): Promise<AppliedRule[]> {
  if (methods.length === 0) return [];
  const settings = clientSettings(endpoint, certificate);
  const gateway = new APIGatewayClient(settings);
  const made = new Map<string, Promise<string>>();
  for (const { stack, api, resource, httpMethod, validator } of methods) {
    const physicalId = await physicalIds(new CloudFormationClient(settings), stack);
    const restApiId = physicalId(api);
    const key = `${stack}/${validator.id}`;
    const create = async (): Promise<string> => {
      const { id = '' } = await gateway.send(
        new CreateRequestValidatorCommand({
          restApiId,
          name: validator.id,
          validateRequestBody: validator.body,
          validateRequestParameters: validator.parameters,
        }),
      );
      return id;
    };
    if (!made.has(key)) made.set(key, create());
    await gateway.send(
      new UpdateMethodCommand({
        restApiId,
        resourceId: physicalId(resource),
        httpMethod,
        patchOperations: [{ op: 'replace', path: '/requestValidatorId', value: await made.get(key) }],
      }),
    );
  }
  return [
    {
      name: 'request-validators',
      reason: "the emulator's CloudFormation gives methods no validator; API calls do after the deployment",
      touched: methods.map(({ name }) => name),
    },
  ];
}

/** Returns the function that turns a logical id of a stack into the physical one. */
async function physicalIds(client: CloudFormationClient, stack: string): Promise<(logicalId: string) => string> {
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: stack }));
  const ids = new Map(StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]));
  return (logicalId) => ids.get(logicalId) ?? logicalId;
}
