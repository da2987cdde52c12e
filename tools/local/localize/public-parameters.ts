import { account } from '../connection';
import { isObject, mapJson, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Gives public parameters of AWS an account in policies. */
export const publicParameters: Rule = {
  name: 'public-parameters',
  reason: 'the emulator keeps public parameters in its account, and AWS in none',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::IAM::Policy').flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      if (!isObject(document)) return [];
      const before = JSON.stringify(document);
      const own = mapJson(document, (value) =>
        typeof value === 'string'
          ? value.replace('::parameter/aws/service/', `:${account}:parameter/aws/service/`)
          : value,
      );
      if (isObject(own)) Object.assign(document, own);
      return before === JSON.stringify(document) ? [] : [nameOf(placed)];
    });
  },
};
