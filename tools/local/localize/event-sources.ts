import { localSource } from '../service-events';
import { isObject, listOf, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Services whose stand-ins send events. */
const services = ['codebuild', 'codecommit'];

/** Lets rules match the events of stand-ins beside those of the service. */
export const eventSources: Rule = {
  name: 'event-sources',
  reason: 'nobody but AWS may send an event whose source begins with aws., so that stand-ins have sources of their own',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::Events::Rule').flatMap((placed) => {
      const pattern = placed.resource.Properties?.['EventPattern'];
      if (!isObject(pattern)) return [];
      const sources = listOf(pattern['source']);
      const added = services.filter((service) => sources.includes(`aws.${service}`)).map(localSource);
      if (added.length === 0) return [];
      pattern['source'] = [...sources, ...added];
      return [nameOf(placed)];
    });
  },
};
