import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { tagCreation } from '../../../lambda/resource-tagger/tag-creation';
import { anEvent } from './creation-events';

const launchedAt = new Date('2026-11-02T10:20:30Z');

/** Tags what a launch created whose record names no instance, so many seconds after it; returns what was reported. */
async function tagLaunch(request: object, seconds: number): Promise<unknown[]> {
  const event = anEvent({ eventName: 'RunInstances', time: launchedAt, request, response: null });
  const reported: unknown[] = [];
  await tagCreation(parseCreationEvent(JSON.stringify(event)), {
    settings: {
      tagKeys: { creator: 'by', createdAt: 'at', eventId: 'event', costCenter: 'cost' },
      costCenters: {},
      requiredTags: [],
      consistencySeconds: 300,
      lookAgainSeconds: 120,
    },
    stores: [],
    now: () => new Date(launchedAt.getTime() + seconds * 1_000),
    findAttachments: () => Promise.reject(new Error('no instance to look up')),
    report: (_, tagged) => void reported.push(tagged),
    sendLater: () => Promise.reject(new Error('nothing to look at again')),
    publish: () => Promise.reject(new Error('no news')),
  });
  return reported;
}

it('a large launch of which no instance is visible comes back, and ends once its instances have ended', async () => {
  await expect(tagLaunch({ clientToken: 'a' }, 10)).rejects.toMatchObject({ name: 'NotYetTaggedError' });
  expect(await tagLaunch({ clientToken: 'a' }, 301)).toEqual([[]]);
});

it('a launch that names neither instances nor a token is a dead letter', async () => {
  await expect(tagLaunch({}, 10)).rejects.toMatchObject({ name: 'UnusableEventError' });
});
