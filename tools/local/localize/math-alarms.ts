import { isObject, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Lets an alarm on metric math watch its first metric alone, such as all errors in place of the unexpected ones. */
export const mathAlarms: Rule = {
  name: 'math-alarms',
  reason: 'the emulator rejects alarms on metric math',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::CloudWatch::Alarm').flatMap((placed) => {
      const { Metrics, ...others } = placed.resource.Properties ?? {};
      if (!Array.isArray(Metrics)) return [];
      for (const metric of Metrics) {
        if (!isObject(metric) || !isObject(metric['MetricStat'])) continue;
        const { Metric, Period = null, Stat = null } = metric['MetricStat'];
        placed.resource.Properties = { ...others, ...(isObject(Metric) ? Metric : {}), Period, Statistic: Stat };
        return [nameOf(placed)];
      }
      throw new Error(`the alarm ${nameOf(placed)} has no metric that it could watch on the emulator`);
    });
  },
};
