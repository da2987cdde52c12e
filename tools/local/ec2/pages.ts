import type { DescribeAction } from './describe-actions';
import { Ec2Error, listParam } from './ec2-request';
import { textsAt, type Element } from './xml';

export interface Page {
  readonly items: Element[];
  readonly nextToken?: string;
}

/**
 * One page of a list. A token names the last item that was listed, so that no item is left out if others come or go between
 * two pages.
 *
 * @throws Ec2Error for parameters that EC2 refuses
 */
export function pageOf(items: Element[], params: URLSearchParams, action: DescribeAction): Page {
  const most = params.get('MaxResults');
  const token = params.get('NextToken');
  if (most === null && token === null) return { items };
  const { least: fewest, most: limit } = action.maxResults;
  if (listParam(params, action.ids).length > 0) {
    throw new Ec2Error('InvalidParameterCombination', `The parameter ${action.ids} cannot be used with MaxResults`);
  }
  const size = Number(most ?? limit);
  if (!(size >= fewest && size <= limit)) {
    const range = `Expecting a value greater than or equal to ${fewest} and at most ${limit}`;
    throw new Ec2Error('InvalidParameterValue', `Value ( ${most} ) for parameter maxResults is invalid. ${range}.`);
  }
  const idOf = (item: Element): string => textsAt(item, action.id)[0] ?? '';
  const after = token === null ? '' : lastListed(token);
  const left = items.filter((item) => idOf(item) > after).sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const page = left.slice(0, size);
  const last = page.at(-1);
  return left.length > size && last !== undefined
    ? { items: page, nextToken: tokenAfter(idOf(last)) }
    : { items: page };
}

function tokenAfter(id: string): string {
  return Buffer.from(`after ${id}`).toString('base64url');
}

function lastListed(token: string): string {
  const [, id] = /^after (.+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (id === undefined) throw new Ec2Error('InvalidNextToken', `The token '${token}' is invalid`);
  return id;
}
