import { isObject, listOf, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

const batched = ['sqs:SendMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** Allows the batch form of SQS calls that are allowed one by one. */
export const sqsBatches: Rule = {
  name: 'sqs-batches',
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
  reason: 'the emulator checks batches of SQS calls as actions of their own, which AWS does not have',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::IAM::Policy').flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      const statements = isObject(document) ? listOf(document['Statement']) : [];
      const touched = statements.filter(isObject).filter((statement) => {
        const actions = listOf(statement['Action']);
        const forms = actions.flatMap((action) =>
          typeof action === 'string' && batched.includes(action) ? [`${action}Batch`] : [],
        );
        if (forms.length > 0) statement['Action'] = [...actions, ...forms];
        return forms.length > 0;
      });
      return touched.length === 0 ? [] : [nameOf(placed)];
    });
  },
};
