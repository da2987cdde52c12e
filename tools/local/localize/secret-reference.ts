import { mapJson, nameOf, resourcesOf, type JsonObject } from './assembly';
import { referenceOf } from './removal';
import type { Rule } from './rule';

/** Replaces `Ref` of a secret by its ARN. */
export const secretReference: Rule = {
  name: 'secret-reference',
  reason: 'on the emulator Ref of a secret is its name; the ARN is the attribute Id',
  apply(assembly) {
    const secrets = resourcesOf(assembly, 'AWS::SecretsManager::Secret');
    return secrets.flatMap((secret) => {
      const { template } = secret.stack;
      let count = 0;
      const replace = (value: JsonObject | undefined): JsonObject | undefined =>
        value &&
        (mapJson(value, (one) => {
          const reference = referenceOf(one);
          if (reference?.id !== secret.id || reference.attribute !== 'Ref') return one;
          count += 1;
          return { 'Fn::GetAtt': [secret.id, 'Id'] };
        }) as JsonObject);
      for (const resource of Object.values(template.Resources)) {
        const properties = replace(resource.Properties);
        if (properties !== undefined) resource.Properties = properties;
      }
      const outputs = replace(template.Outputs);
      if (outputs !== undefined) template.Outputs = outputs;
      return count === 0 ? [] : [nameOf(secret)];
    });
  },
};
