import type { Finding } from '../../../lambda/volume-cleanup/ports';
import { noticesOf, reportOf } from '../../../lambda/volume-cleanup/report';

const finding = (id: string, change: Partial<Finding> = {}): Finding => ({
  ...{ region: 'us-east-1', id, outcome: 'notified', dollarsAMonth: 0.8, owner: 'none' },
  ...change,
});

it('a notice goes to each owner, and names the tag and the days', () => {
  const notices = noticesOf([finding('vol-1'), finding('vol-2', { owner: 'ann' })], 7, 'keep');
  expect(notices.map(({ attributes }) => attributes)).toEqual([
    { event: 'notice', owner: 'none' },
    { event: 'notice', owner: 'ann' },
  ]);
  expect(notices[1]?.text).toContain('after 7 days');
  expect(notices[1]?.text).toContain('the tag keep');
  expect(notices[1]?.text).toContain('vol-2');
});

it('the report sums what deleted volumes cost', () => {
  const deleted = finding('vol-1', { outcome: 'deleted' });
  const [report, ...others] = reportOf([deleted, { ...deleted, id: 'vol-2' }, finding('vol-3')], false);
  expect(report?.text).toContain('at least $1.60 a month');
  expect(report?.text).not.toContain('vol-3');
  expect(others).toEqual([]);
  expect(reportOf([], false)).toEqual([]);
});

it('many volumes take several messages, each within the 256 KiB of SNS', () => {
  const many = Array.from({ length: 1_200 }, (_, index) =>
    finding(`i-${String(index).padStart(17, '0')}`, { outcome: 'candidate', detail: '😀'.repeat(256) }),
  );
  const messages = reportOf(many, true);
  expect(messages).toHaveLength(3);
  for (const { text } of messages) expect(Buffer.byteLength(text)).toBeLessThan(262_144);
});

it('a name makes no line of its own', () => {
  const detail = 't3.micro  a\ndeleted  us-east-1  vol-9\u2028\u202e';
  const [report] = reportOf([finding('i-1', { outcome: 'candidate', detail })], true);
  expect(report?.text.split(/[\n\u2028]/).filter((line) => line.startsWith('deleted'))).toEqual([]);
  expect(report?.text).toContain('t3.micro  a deleted  us-east-1  vol-9');
});
