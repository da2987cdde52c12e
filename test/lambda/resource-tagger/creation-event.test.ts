import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { anEvent } from './creation-events';

it('an event has its creator, time, call and kind', () => {
  const event = parseCreationEvent(JSON.stringify(anEvent()));
  expect(event).toMatchObject({
    id: 'event-1',
    time: new Date('2026-11-02T10:20:30Z'),
    creator: 'role/Developer/dana',
    isSecondLook: false,
    notify: true,
  });
  expect(event.kind.arns(event.call)).toEqual(['arn:aws:ec2:eu-west-1:111122223333:volume/vol-1']);
});

it('an event that is sent again loses nothing', () => {
  const source = anEvent();
  expect(parseCreationEvent(JSON.stringify(source)).source).toEqual(source);
});

it('an event of a backfill is no news', () => {
  const event = parseCreationEvent(JSON.stringify({ ...anEvent(), resourceTagger: { notify: false } }));
  expect(event.notify).toBe(false);
});

it.each([
  ['no JSON', '{', 'not JSON'],
  ['another event', JSON.stringify({ ...anEvent(), 'detail-type': 'Scheduled Event' }), 'wrong at detail-type'],
  ['a call that failed', JSON.stringify(anEvent({ more: { errorCode: 'AccessDenied' } })), 'a call that failed'],
  ['a call that reads', JSON.stringify(anEvent({ eventName: 'DescribeVolumes' })), 'creates nothing'],
  ['an id that a spreadsheet runs', JSON.stringify(anEvent({ eventId: '=1+1' })), 'wrong at detail.eventID'],
  ['a time in words', JSON.stringify(anEvent({ more: { eventTime: 'today' } })), 'wrong at detail.eventTime'],
])('%s is refused with its place, not its value', (_what, body, message) => {
  expect(() => parseCreationEvent(body)).toThrow(message);
  expect(() => parseCreationEvent(body)).not.toThrow('today');
});
