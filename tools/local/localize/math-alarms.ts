import { account, region } from '../connection';
import { nameOf, resourcesOf } from './assembly';
import { removeResources } from './removal';
import type { Rule } from './rule';

/** Alarms on metric maths go. */
export const mathAlarms: Rule = {
  name: 'math-alarms',
  reason: 'the emulator refuses an alarm that is computed from several metrics',
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
