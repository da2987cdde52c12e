import { isObject, mapJson, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

const placeholder = '<aws.scheduler.scheduled-time>';

/** Replaces the placeholder in a schedule's input by the current time. */
export const scheduledTime: Rule = {
  name: 'scheduled-time',
  reason: `the emulator passes ${placeholder} to the target unchanged`,
  apply(assembly, host) {
    const time = host.now.toISOString().replace(/\.\d+Z$/, 'Z');
    return resourcesOf(assembly, 'AWS::Scheduler::Schedule').flatMap((placed) => {
      const target = placed.resource.Properties?.['Target'];
      if (!isObject(target) || target['Input'] === undefined) return [];
      const before = JSON.stringify(target['Input']);
      target['Input'] = mapJson(target['Input'], (value) =>
        typeof value === 'string' ? value.replaceAll(placeholder, time) : value,
      );
      return before === JSON.stringify(target['Input']) ? [] : [nameOf(placed)];
    });
  },
};
