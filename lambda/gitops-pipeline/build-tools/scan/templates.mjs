/** Actions that nobody needs on all resources: they pass on permissions, or read and change data. */
const onNamedResources =
  /^(?:iam:PassRole|sts:AssumeRole|lambda:InvokeFunction|secretsmanager:GetSecretValue|kms:(?:Decrypt|Sign)|ssm:GetParameters?|s3:(?:Get|Put|Delete)Object|dynamodb:(?:Get|Put|Update|Delete)Item)$/i;

/**
 * Finds permissions in a CloudFormation template that are wider than the gates of the pipeline allow.
 *
 * @param {string} text
 */
export function widePermissionsIn(text) {
  const { Resources = {} } = JSON.parse(text);
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    [...statementsIn(Properties), ...invocations(Type, Properties)].flatMap((statement) =>
      problemsOf(statement).map(({ rule, problem }) => ({
        rule,
        line:
          1 +
          Math.max(
            0,
            text.split('\n').findIndex((line) => line.includes(JSON.stringify(id))),
          ),
        message: `${id}: ${problem}`,
      })),
    ),
  );
}

/** Statements of all policies of a resource, whatever their property is called. */
function statementsIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  const { Statement } = value;
  const own = Statement === undefined ? [] : [Statement].flat();
  return [...own, ...Object.values(value).flatMap(statementsIn)];
}

function invocations(type, properties) {
  if (type === 'AWS::Lambda::Permission') return [{ Effect: 'Allow', ...properties, Condition: properties.SourceArn }];
  if (type === 'AWS::Lambda::Url' && properties.AuthType === 'NONE') return [{ Effect: 'Allow', Principal: '*' }];
  return [];
}

function problemsOf({ Effect, Principal, Action, NotAction, NotResource, Resource, Condition }) {
  if (Effect !== 'Allow') return [];
  const found = [];
  const add = (rule, problem) => found.push({ rule: `template/${rule}`, problem });
  if (NotAction !== undefined || NotResource !== undefined) add('not-action', 'a permission for all but what it names');
  if (Principal !== undefined) {
    const isPublic = Condition === undefined && textsIn(Principal?.AWS ?? Principal).includes('*');
    if (isPublic) add('public-principal', 'a permission for everybody');
    return found;
  }
  const actions = textsIn(Action);
  for (const action of actions) {
    if (/^(?:\w[\w-]*:)?\*+$/.test(action)) add('wildcard-action', `a wildcard permission: ${action}`);
    else if (Resource === '*' || [Resource].flat().includes('*')) {
      if (onNamedResources.test(action)) add('wildcard-resource', `a wildcard permission: ${action} on all resources`);
    }
  }
  return found;
}

/** All texts of a value that may be a text, a list or an intrinsic function. */
function textsIn(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
