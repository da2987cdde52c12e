import type { Resource } from './rule';

/** Properties that end like names and are none of the resource's own, by type. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  // Within their API.
  'AWS::ApiGateway::Authorizer': ['Name'],
  'AWS::ApiGateway::Stage': ['StageName'],
  'AWS::ApiGatewayV2::Stage': ['StageName'],
  // Within their user pool.
  'AWS::Cognito::UserPoolResourceServer': ['Identifier', 'Name'],
  // Within its function.
  'AWS::Lambda::Alias': ['Name'],
  // Of AWS.
  'AWS::CodeDeploy::DeploymentGroup': ['DeploymentConfigName'],
  'AWS::EC2::VPCEndpoint': ['ServiceName'],
  // Within its role.
  'AWS::IAM::Policy': ['PolicyName'],
  'AWS::CloudWatch::Alarm': ['MetricName'],
  // Of the database and the user inside the instance, and of RDS's certificates.
  'AWS::RDS::DBInstance': ['DBName', 'MasterUsername', 'CACertificateIdentifier'],
  // Of its proxy: CloudFormation takes no other than `default`.
  'AWS::RDS::DBProxyTargetGroup': ['TargetGroupName'],
};

/** Names that a resource is given, which another of its type cannot have at the same time; references to other resources are none. */
export function physicalNames({
  Type,
  Properties = {},
}: Resource): { readonly property: string; readonly name: string }[] {
  return Object.entries(Properties)
    .filter(([property]) => /(Name|Identifier)$/.test(property) && !(otherNames[Type] ?? []).includes(property))
    .filter(([, value]) => typeof value === 'string' || isJoined(value))
    .map(([property, value]) => ({ property, name: JSON.stringify(value) }));
}

function isJoined(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Fn::Sub' in value);
}

/** Whether a name differs from stack to stack by itself. */
export function isOfItsStack(name: string): boolean {
  return /AWS::Stack(Id|Name)/.test(name);
}
