import type { DescribeAction } from './describe-actions';
import { Ec2Error, type Filter } from './ec2-request';
import { textsAt, type Element } from './xml';

/**
 * Items that match all filters; a filter matches if one of its values does.
 *
 * @throws Ec2Error for a filter that the action does not have
 */
export function applyFilters(
  items: readonly Element[],
  filters: readonly Filter[],
  { filtered, filters: paths }: DescribeAction,
): Element[] {
  const unknown = filters.find(({ name }) => paths[name] === undefined && !isTagFilter(name));
  if (unknown !== undefined) {
    throw new Ec2Error('InvalidParameterValue', `The filter '${unknown.name}' is invalid`);
  }
  return items.filter((item) => {
    const subjects = filtered === '' ? [item] : elementsAt(item, filtered);
    return subjects.some((subject) => filters.every((filter) => matches(subject, filter, paths)));
  });
}

function isTagFilter(name: string): boolean {
  return name === 'tag-key' || name.startsWith('tag:');
}

function matches(subject: Element, { name, values }: Filter, paths: DescribeAction['filters']): boolean {
  return actualValues(subject, name, paths).some((actual) => values.some((value) => isMatch(actual, value)));
}

function actualValues(subject: Element, name: string, paths: DescribeAction['filters']): string[] {
  if (name === 'tag-key') return textsAt(subject, 'tagSet/item/key');
  if (!name.startsWith('tag:')) return textsAt(subject, paths[name] ?? '');
  const tags = elementsAt(subject, 'tagSet/item').filter((tag) => textsAt(tag, 'key')[0] === name.slice('tag:'.length));
  return tags.flatMap((tag) => textsAt(tag, 'value'));
}

/** Values may have `*` and `?`, and are case-sensitive: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function isMatch(actual: string, value: string): boolean {
  const pattern = value
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(actual);
}

function elementsAt(element: Element, path: string): Element[] {
  return path
    .split('/')
    .reduce<Element[]>(
      (elements, name) => elements.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [element],
    );
}
