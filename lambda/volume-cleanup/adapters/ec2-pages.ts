import type { Tag } from '@aws-sdk/client-ec2';
import type { Tags } from '../resource';

/** Size of a page: EC2 accepts 5 to 1,000, and requests without it are not paged and are throttled earlier. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination */
export const pageSize = 500;

/** Items of all pages; a page can be empty and have a token. */
export async function* itemsOf<Page extends { NextToken?: string | undefined }, Item>(
  read: (paging: { readonly MaxResults: number; readonly NextToken: string | undefined }) => Promise<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): AsyncGenerator<Item> {
  let NextToken: string | undefined;
  do {
    const page = await read({ MaxResults: pageSize, NextToken });
    yield* items(page) ?? [];
    ({ NextToken } = page);
  } while (NextToken !== undefined && NextToken !== '');
}

export function tagsOf(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
