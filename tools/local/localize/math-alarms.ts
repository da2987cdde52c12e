import { account, region } from '../connection';
import { nameOf, resourcesOf } from './assembly';
import { removeResources } from './removal';
import type { Rule } from './rule';

/** Removes alarms on metric math. */
export const mathAlarms: Rule = {
  name: 'math-alarms',
  reason: 'the emulator rejects alarms on metric math',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::CloudWatch::Alarm')
      .filter(({ resource }) => resource.Properties?.['Metrics'] !== undefined)
      .map((placed) => {
        const arn = `arn:aws:cloudwatch:${region}:${account}:alarm:${placed.id}`;
        removeResources(placed.stack, new Map([[placed.id, { Arn: arn }]]));
        return nameOf(placed);
      });
  },
};
