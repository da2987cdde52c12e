import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { missingTags, tagValue, wantedTags } from '../../../lambda/resource-tagger/wanted-tags';
import { anEvent } from './creation-events';

const keys = { creator: 'by', createdAt: 'at', eventId: 'event', costCenter: 'cost' };
const event = parseCreationEvent(JSON.stringify(anEvent()));

it('a resource gets creator, time and event', () => {
  expect(wantedTags(event, keys, {})).toEqual({
    by: 'role/Developer/dana',
    at: '2026-11-02T10:20:30Z',
    event: 'event-1',
  });
});

it('the most exact entry of the cost centers counts', () => {
  const costOf = (centers: Record<string, string>) => wantedTags(event, keys, centers)['cost'];
  expect(costOf({ role: '1', 'role/Developer': '2', 'role/Developer/dana': '3' })).toBe('3');
  expect(costOf({ role: '1', 'role/Developer': '2', 'role/Developer/erin': '3' })).toBe('2');
  expect(costOf({ 'role/Dev': '2' })).toBeUndefined();
  expect(costOf({ toString: 'x' })).toBeUndefined();
});

it.each([
  ['a<script>b', 'a_script_b'],
  ['line\nbreak\u0000', 'line_break_'],
  ['Ünïcode 名前', 'Ünïcode 名前'],
  ['   ', '_'],
  ['x'.repeat(300), 'x'.repeat(256)],
])('%j becomes a value that every service accepts', (text, value) => {
  expect(tagValue(text)).toBe(value);
});

it('a tag that the resource has stays, whatever its value', () => {
  expect(missingTags({ by: 'me', at: 'now' }, { by: '' })).toEqual({ tags: { at: 'now' }, withoutRoom: [] });
});

it('a tag that differs by upper case alone is there: IAM refuses to overwrite either', () => {
  expect(missingTags({ by: 'me', 'cost-center': '1' }, { 'Cost-Center': '2' }).tags).toEqual({ by: 'me' });
});

it('only as many tags are added as there is room for, without those of AWS', () => {
  const existing = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`key-${index}`, 'x']));
  const full = missingTags({ by: 'me', at: 'now' }, { ...existing, 'aws:cloudformation:stack-name': 's' });
  expect(full).toEqual({ tags: { by: 'me' }, withoutRoom: ['at'] });
});
