import { cloudTrailEvent, type CallRecord } from '../../../scenarios/resource-tagger/events';

export const account = '111122223333';

/** Event of a launch, or of the call that is given. */
export function anEvent(call: Partial<CallRecord> = {}) {
  return cloudTrailEvent({
    account,
    region: 'eu-west-1',
    eventId: 'event-1',
    service: 'ec2',
    eventName: 'CreateVolume',
    time: new Date('2026-11-02T10:20:30Z'),
    response: { volumeId: 'vol-1' },
    ...call,
  });
}
