import { UsageError } from '../../operations/command-line/command';

/** Names of an architecture and its first function, in each form. */
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

/** Each part begins with a letter, so that the slug can be derived from the capitals of the stack's name. */
const kebabCase = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/** A stack's name has at most 128 characters, and names of its resources begin with it. */
const longestSlug = 40;

/** Context keys of the app, and folder names that would hide their purpose. */
const taken = ['stage', 'architecture', 'util', 'utils', 'helper', 'helpers', 'common', 'types', 'misc'];

/**
 * @param handler the file of its first function, by default `answer-<slug>`
 * @throws UsageError if a name is not valid for folders, the registry or the context
 */
export function namesOf(slug: string, handler = `answer-${slug}`): Names {
  if (!kebabCase.test(slug) || slug.length > longestSlug) {
    throw new UsageError(
      `'${slug}' is not a valid name: use kebab-case of at most ${longestSlug} characters, such as order-intake`,
    );
  }
  if (taken.includes(slug)) throw new UsageError(`'${slug}' has another meaning: use another name`);
  if (!kebabCase.test(handler) || !handler.includes('-')) {
    throw new UsageError(`--handler '${handler}' is not a verb and a noun in kebab-case: use one such as take-order`);
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
