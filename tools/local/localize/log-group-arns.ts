import { isObject, listOf, nameOf, resourcesOf, type Json } from './assembly';
import type { Rule } from './rule';

/** Actions on a whole log group, which AWS compares with its ARN and `:*` behind it. */
const groupActions = ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'];

/** Allows actions on log groups also on the groups' ARNs without `:*`. */
export const logGroupArns: Rule = {
  name: 'log-group-arns',
  reason: 'the emulator compares actions on a log group with its ARN, AWS with the ARN and `:*` behind it',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::IAM::Policy').flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      const statements = isObject(document) ? listOf(document['Statement']) : [];
      const touched = statements.filter(isObject).filter(({ Action }) => listOf(Action).some(isGroupAction));
      for (const statement of touched) {
        const resources = listOf(statement['Resource']);
        statement['Resource'] = [...resources, ...resources.flatMap(withoutStreams)];
      }
      return touched.length === 0 ? [] : [nameOf(placed)];
    });
  },
};

function isGroupAction(action: Json): boolean {
  return typeof action === 'string' && groupActions.includes(action);
}

/** The ARN without `:*` at its end, be it a text or joined of parts. */
function withoutStreams(arn: Json): Json[] {
  if (typeof arn === 'string') return arn.endsWith(':*') ? [arn.slice(0, -2)] : [];
  const join = isObject(arn) ? arn['Fn::Join'] : undefined;
  if (!Array.isArray(join) || !Array.isArray(join[1])) return [];
  const [separator = '', parts] = join;
  const last = withoutStreams(parts.at(-1) ?? '');
  return last.length === 0 ? [] : [{ 'Fn::Join': [separator, [...parts.slice(0, -1), ...last]] }];
}
