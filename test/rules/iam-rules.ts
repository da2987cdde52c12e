import { arnText, canName } from './arn-forms';
import { actionsNamed, isGlobalKey, isNamed, type ReferenceAction } from './iam-reference';
import { asArray, at, isCdkProvider, ofType, type Rule, type Subject } from './rule';

interface PolicyStatement {
  readonly owner: string;
  readonly actions: readonly string[];
  /** Texts of ARNs. Undefined: none, as in a trust policy. */
  readonly resources: readonly string[] | undefined;
  readonly conditionKeys: readonly string[];
  /** Service principals. */
  readonly services: readonly string[];
  /** Elements that name what is left out. */
  readonly inversions: readonly string[];
}

/** Properties of each type that hold policy documents. */
const documents: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy'],
  'AWS::Backup::BackupVault': ['AccessPolicy'],
  'AWS::EC2::VPCEndpoint': ['PolicyDocument'],
  'AWS::Events::EventBus': ['Policy'],
  'AWS::Kinesis::ResourcePolicy': ['ResourcePolicy'],
  'AWS::DynamoDB::GlobalTable': ['ResourcePolicy'],
};

/** Statements that are right although the reference knows their resource not. */
const exceptions: readonly { readonly action: RegExp; readonly resource: RegExp; readonly source: string }[] = [
  {
    action: /^states:SendTask(Success|Failure|Heartbeat)$/,
    resource: /:stateMachine:/,
    source:
      'grantTaskResponse of CDK; https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html',
  },
  {
    action: /^ssm:GetParameter$/,
    resource: /^arn:aws:ssm:[\w-]+::parameter\/aws\/service\//,
    source:
      'public parameters belong to no account; https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html',
  },
];

/** Statements of all policies of a template. */
export function policyStatements(subject: Subject): PolicyStatement[] {
  return [...subject.resources]
    .filter(([id]) => !isCdkProvider(id))
    .flatMap(([owner, { Type, Properties = {} }]) => {
      const own = (documents[Type] ?? []).map((name) => Properties[name]);
      const inline = asArray(Properties['Policies']).map((policy) => at(policy, 'PolicyDocument'));
      return [...own, ...(Type === 'AWS::IAM::Role' ? inline : [])]
        .flatMap((document) => asArray(at(document, 'Statement')))
        .map((statement) => read(owner, statement, subject));
    });
}

function read(owner: string, statement: unknown, subject: Subject): PolicyStatement {
  const resources = at(statement, 'Resource');
  const conditions = Object.values(at(statement, 'Condition') ?? {}) as object[];
  return {
    owner,
    actions: asArray(at(statement, 'Action')).map(String),
    resources: resources === undefined ? undefined : asArray(resources).map((one) => arnText(one, subject)),
    conditionKeys: conditions.flatMap((condition) => Object.keys(condition)),
    services: asArray(at(statement, 'Principal', 'Service')).map(String),
    inversions: ['NotAction', 'NotResource', 'NotPrincipal'].filter((name) => at(statement, name) !== undefined),
  };
}

async function breachesOf({
  owner,
  actions,
  resources,
  conditionKeys,
  inversions,
}: PolicyStatement): Promise<string[]> {
  const known = await Promise.all(actions.map(async (name) => ({ name, meant: await actionsNamed(name) })));
  const missing = known
    .filter(({ meant }) => meant.length === 0)
    .map(({ name }) => `${owner} names ${name}, which does not exist`);
  const named = known.filter(({ meant }) => meant.length > 0);
  return [
    ...inversions.map((name) => `${owner} has ${name}: name what is meant`),
    ...missing,
    ...(resources === undefined ? [] : resourceBreaches(owner, named, resources)),
    ...named.flatMap(({ name, meant }) =>
      conditionKeys
        .filter((key) => !isGlobalKey(key) && !meant.some((one) => one.conditionKeys.some((its) => isNamed(key, its))))
        .map((key) => `${owner} has the condition key ${key}, which ${name} does not have`),
    ),
  ];
}

type Named = { readonly name: string; readonly meant: readonly ReferenceAction[] };

/** Each action needs one of the statement's resources, and each resource is one that an action takes. */
function resourceBreaches(owner: string, named: readonly Named[], resources: readonly string[]): string[] {
  const narrow = resources.filter((resource) => resource !== '*');
  if (narrow.length === 0) return [];
  const takes = ({ name, meant }: Named, resource: string): boolean =>
    exceptions.some((one) => one.action.test(name) && one.resource.test(resource)) ||
    meant.some(({ forms }) => forms.some((form) => canName(resource, form)));
  const useless = named.filter((action) => !narrow.some((resource) => takes(action, resource)));
  const unknown = narrow.filter((resource) => !named.some((action) => takes(action, resource)));
  return [
    ...useless.map(({ name }) => `${owner} allows ${name} on ${narrow.join(', ')}, none of which it takes`),
    ...unknown.map(
      (resource) => `${owner} names ${resource}, which none of ${named.map(({ name }) => name).join(', ')} takes`,
    ),
  ];
}

export const iamRules: readonly Rule[] = [
  {
    promise: 'every statement of a policy names actions, resources and condition keys that AWS knows',
    breaches: async (subject) => (await Promise.all(policyStatements(subject).map(breachesOf))).flat(),
  },
  {
    promise: 'every permission of a function names an action that AWS knows',
    breaches: async (subject) => {
      const permissions = ofType(subject, 'AWS::Lambda::Permission').map(async ({ id, properties }) => {
        const action = String(properties['Action']);
        return (await actionsNamed(action)).length > 0 ? [] : [`${id} names ${action}, which does not exist`];
      });
      return (await Promise.all(permissions)).flat();
    },
  },
];
