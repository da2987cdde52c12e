import { watchedOrders } from '../../../lambda/order-workflow/dynamodb-watched-orders';

type Query = { input: { ExclusiveStartKey?: { page: { N: string } }; ExpressionAttributeValues: object } };

/** An index that answers in these pages. */
function answering(...pages: string[][]) {
  const asked: Query['input'][] = [];
  const client = {
    send: ({ input }: Query) => {
      asked.push(input);
      const page = Number(input.ExclusiveStartKey?.page.N ?? 0);
      const Items = pages[page]?.map((since) => ({ watchedSince: { S: since } }));
      const last = page + 1 >= pages.length;
      return Promise.resolve({ Items, ...(last ? {} : { LastEvaluatedKey: { page: { N: String(page + 1) } } }) });
    },
  } as never;
  return { asked, read: () => watchedOrders({ client, table: 'Orders', index: 'watched' }, 'needs-attention') };
}

it('every page is counted, and the first of all is the oldest', async () => {
  const { asked, read } = answering(['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'], [], ['2026-01-03T00:00:00Z']);
  expect(await read()).toEqual({ count: 3, oldest: new Date('2026-01-01T00:00:00Z') });
  expect(asked).toHaveLength(3);
  expect(asked[0]).toMatchObject({
    IndexName: 'watched',
    ExpressionAttributeValues: { ':status': { S: 'needs-attention' } },
  });
});

it('an empty page before the first order hides it not', async () => {
  expect(await answering([], ['2026-01-03T00:00:00Z']).read()).toEqual({
    count: 1,
    oldest: new Date('2026-01-03T00:00:00Z'),
  });
});

it('none is zero, with no oldest', async () => {
  expect(await answering([]).read()).toEqual({ count: 0, oldest: undefined });
});
