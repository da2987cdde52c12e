import { UsageError } from '../../operations/command-line/command';
/** What an architecture and its first function are called, in each way of writing. */
export interface Names {
  /** `order-intake` */
  readonly slug: string;
  /** `OrderIntake` */
  readonly id: string;
  /** `orderIntake` */
  readonly camel: string;
  /** `take-order`, the handler's file. */
  readonly handler: string;
  /** `TakeOrder`, the construct's id. */
  readonly handlerId: string;
  /** `takeOrder` */
  readonly handlerCamel: string;
}

/** Each part begins with a letter: the slug is found again from the capitals of the stack's name. */
const kebabCase = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/** A stack's name has 128 characters at most, and names of its resources begin with it. */
const longestSlug = 40;

/** Keys of the context that are the app's own, and names of folders that would hide their purpose. */
const taken = ['stage', 'architecture', 'util', 'utils', 'helper', 'helpers', 'common', 'types', 'misc'];

/**
 * @param handler the file of its first function, by default `answer-<slug>`
 * @throws UsageError where a name is not what the trees, the registry or the context can take
 */
export function namesOf(slug: string, handler = `answer-${slug}`): Names {
  if (!kebabCase.test(slug) || slug.length > longestSlug) {
    throw new UsageError(
      `'${slug}' is no name of an architecture: use kebab-case of at most ${longestSlug} characters, such as order-intake`,
    );
  }
  if (taken.includes(slug)) throw new UsageError(`'${slug}' means something else already: use another name`);
  if (!kebabCase.test(handler) || !handler.includes('-')) {
    throw new UsageError(`--handler '${handler}' is no verb and noun in kebab-case: use one such as take-order`);
  }
  const [id, handlerId] = [pascalCase(slug), pascalCase(handler)];
  return { slug, id, camel: uncapitalized(id), handler, handlerId, handlerCamel: uncapitalized(handlerId) };
}

function pascalCase(kebab: string): string {
  return kebab.replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
}

function uncapitalized(pascal: string): string {
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}
