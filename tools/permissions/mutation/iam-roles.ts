import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DeleteRolePolicyCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { namesOf } from '../../local/calls/gather';
import { clientSettings } from '../../local/client-settings';
import { resourcesIn, type Template } from '../../template/template';
import type { Grant } from '../../template/grants';
import { withoutGrant, type PolicyDocument } from './without-grant';

/** Roles of a deployed stack's functions. */
export class DeployedRoles {
  private constructor(
    private readonly iam: IAMClient,
    private readonly lambda: LambdaClient,
    private readonly template: Template,
    /** Physical names by logical id. */
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  static async read(stack: string, template: Template, endpoint: string, certificate: string): Promise<DeployedRoles> {
    const settings = clientSettings(endpoint, certificate);
    const names = await namesOf(new CloudFormationClient(settings), [stack]);
    const byId = new Map([...names].map(([name, { logicalId }]) => [logicalId, name]));
    return new DeployedRoles(new IAMClient(settings), new LambdaClient(settings), template, byId);
  }

  /** @throws Error if the stack has no such resource */
  nameOf(logicalId: string): string {
    const name = this.names.get(logicalId);
    if (name === undefined) throw new Error(`the deployed stack has no ${logicalId}: deploy it again`);
    return name;
  }

  /** Names of all resources of a type. */
  namesOf(type: string): string[] {
    const ids = Object.entries(this.template.Resources).filter(([, { Type }]) => Type === type);
    return ids.map(([id]) => this.nameOf(id));
  }

  /**
   * Removes one action on one resource from a function's role, with effect from the next call.
   *
   * @returns function that restores it
   */
  async remove(grant: Grant): Promise<() => Promise<void>> {
    const restore: (() => Promise<void>)[] = [];
    for (const { name, roles, document } of this.policiesOf(grant)) {
      for (const role of roles) restore.push(await this.replace(role, name, document, grant));
    }
    return async () => {
      for (const one of restore) await one();
    };
  }

  /** Ends the function's environments, so that the next invocation starts in a new one. */
  async restartFunction(functionId: string): Promise<void> {
    const FunctionName = this.nameOf(functionId);
    // The same memory as before: the emulator treats any value as a change.
    const { MemorySize } = await this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    await this.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize }));
  }

  private async replace(
    RoleName: string,
    PolicyName: string,
    written: PolicyDocument,
    grant: Grant,
  ): Promise<() => Promise<void>> {
    const policy = { RoleName, PolicyName };
    const { PolicyDocument = '' } = await this.iam.send(new GetRolePolicyCommand(policy));
    const kept = decodeURIComponent(PolicyDocument);
    const rest = withoutGrant(JSON.parse(kept) as PolicyDocument, written, grant);
    if (rest === undefined) await this.iam.send(new DeleteRolePolicyCommand(policy));
    else await this.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(rest) }));
    return async () => {
      await this.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: kept }));
    };
  }

  private policiesOf(grant: Grant): { name: string; roles: string[]; document: PolicyDocument }[] {
    const { Resources } = this.template;
    const role = resourcesIn(Resources[grant.function]?.Properties?.['Role']);
    return Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .map(({ Properties = {} }) => ({
        name: String(Properties['PolicyName']),
        roles: resourcesIn(Properties['Roles'])
          .filter((id) => role.includes(id))
          .map((id) => this.nameOf(id)),
        document: Properties['PolicyDocument'] as PolicyDocument,
      }))
      .filter(({ roles }) => roles.length > 0);
  }
}
