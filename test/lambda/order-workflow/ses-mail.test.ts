import { mail } from '../../../lambda/order-workflow/ses-mail';

it('a letter goes to one recipient, as text and as HTML in UTF-8', async () => {
  const send = jest.fn().mockResolvedValue({});
  const letter = { subject: 'Größe', text: 'text', html: '<p>text</p>' };
  await mail({ send }, 'shop@example.com', 'c7@example.com', letter);
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

it('a mail that is refused is an error, so that the step is tried again', async () => {
  const refused = { send: () => Promise.reject(new Error('refused')) };
  const sent = mail(refused, 'shop@example.com', 'c7@example.com', { subject: '', text: '', html: '' });
  await expect(sent).rejects.toThrow('refused');
});
