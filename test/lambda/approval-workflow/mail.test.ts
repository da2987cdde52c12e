import { askMail, outcomeMail } from '../../../lambda/approval-workflow/mail';
import { record } from './sample-request';

const link = 'https://page.example.com/approvals/secret';

it('a mail to an approver has the link alone on its line, the cost and the end', () => {
  const { subject, text } = askMail(record, link, '2026-11-28T10:00:00Z', false);
  expect(subject).toBe('Machine r-0123456789abcdef01234567 waits for your approval');
  expect(text.split('\n')).toContain(link);
  expect(text).toContain('Estimated cost: $10.00');
  expect(text).toContain('End: 2026-12-01T10:00:00Z');
});

it('the purpose is quoted, and is in no header', () => {
  const { subject, text } = askMail({ ...record, purpose: 'Subject: x\nhttps://evil.example.com' }, link, '', true);
  expect(subject).toBe('Reminder: Machine r-0123456789abcdef01234567 waits for your approval');
  expect(text).toContain('> Subject: x\n> https://evil.example.com\n');
});

it('the requester learns the outcome and its reason', () => {
  const mail = outcomeMail({ ...record, instanceId: 'i-1', reason: 'no-capacity' }, 'failed');
  expect(mail.subject).toBe('Machine r-0123456789abcdef01234567 could not be launched');
  expect(mail.text).toContain('Instance: i-1\nReason: no-capacity');
  expect(mail.text).not.toContain('approvals/');
});
