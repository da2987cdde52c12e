import { sendEmail } from '../../../../lambda/order-workflow/adapters/ses-email';

it('sends an email to one recipient as text and HTML in UTF-8', async () => {
  const send = jest.fn().mockResolvedValue({});
  const email = { subject: 'Größe', text: 'text', html: '<p>text</p>' };
  await sendEmail({ client: { send }, sender: 'shop@example.com' }, 'c7@example.com', email);
  expect(send.mock.calls[0]?.[0].input).toEqual({
    FromEmailAddress: 'shop@example.com',
    Destination: { ToAddresses: ['c7@example.com'] },
    Content: {
      Simple: {
        Subject: { Data: 'Größe', Charset: 'UTF-8' },
        Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>text</p>', Charset: 'UTF-8' } },
      },
    },
  });
});

it('sends to a domain in Unicode by its ASCII form, which SES takes', async () => {
  const send = jest.fn().mockResolvedValue({});
  const email = { subject: '', text: '', html: '' };
  await sendEmail({ client: { send }, sender: 'shop@example.com' }, 'C7@Bücher.example', email);
  expect(send.mock.calls[0]?.[0].input.Destination).toEqual({ ToAddresses: ['C7@xn--bcher-kva.example'] });
});

it('throws if SES refuses the email, so that the step is retried', async () => {
  const client = { send: () => Promise.reject(new Error('refused')) };
  const sent = sendEmail({ client, sender: 'shop@example.com' }, 'c7@example.com', { subject: '', text: '', html: '' });
  await expect(sent).rejects.toThrow('refused');
});
