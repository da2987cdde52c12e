import { markup, trusted, type Markup } from '../report-page/markup';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [limit: string]: unknown;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** Part of an OpenAPI description that the page shows. */
export interface Description {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const style = trusted(`
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
  caption { text-align: start; font-weight: 600; }
  th, td { border: 1px solid; padding: 0.25rem 0.5rem; text-align: start; vertical-align: top; }
  td:last-child { overflow-wrap: anywhere; min-width: 8rem; }
  h2 { margin-top: 2.5rem; }
`);

/** Returns the page of an OpenAPI description: one HTML file that loads nothing and runs no script. */
export function openApiPage({ info, paths, components }: Description): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ title: `${method.toUpperCase()} ${path}`, operation },
      anchor: `${method}${path.replaceAll(/\W+/g, '-').replace(/-$/, '')}`,
    })),
  );
  const schemas = Object.entries(components.schemas);
  const page = markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${info.title}: API reference</title>
    <style>${style}</style>
  </head>
  <body>
    <header>
      <h1>${info.title}</h1>
      <p>${info.description} Every request has an access token and an API key.</p>
    </header>
    <nav aria-label="Contents">
      <ul>
${operations.map(({ title, anchor }) => markup`        <li><a href="#${anchor}">${title}</a></li>\n`)}        <li><a href="#schemas">Schemas</a></li>
      </ul>
    </nav>
    <main>
${operations.map(({ title, anchor, operation }) => sectionOf(title, anchor, operation))}      <section aria-labelledby="schemas">
        <h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => schemaOf(name, schema))}      </section>
    </main>
  </body>
</html>
`;
  return page.text;
}

function sectionOf(title: string, anchor: string, { summary, parameters = [], ...rest }: Operation): Markup {
  const responses = Object.entries(rest.responses).map(([status, { description, content }]) => [
    status,
    description,
    bodyOf(content),
  ]);
  const rows = parameters.map((one) => [
    one.name,
    `${one.in}${one.required === true ? ', required' : ''}`,
    one.description ?? markup`${typeOf(one.schema)}`,
  ]);
  return markup`      <section aria-labelledby="${anchor}">
        <h2 id="${anchor}">${title}</h2>
        <p>${summary}.</p>
${rows.length > 0 && tableOf('Parameters', ['Name', 'In', 'Meaning'], rows)}${
    rest.requestBody !== undefined && markup`        <p>Body: ${bodyOf(rest.requestBody.content)}</p>\n`
  }${tableOf('Answers', ['Status', 'Meaning', 'Body'], responses)}      </section>
`;
}

function bodyOf(content: Content | undefined): Markup {
  const all = Object.entries(content ?? {});
  return markup`${all.length === 0 ? 'none' : all.map(([type, { schema }]) => markup`${typeOf(schema)} as ${breakable(type)}`)}`;
}

/** Media type that a narrow column breaks after the slash, not in a word. */
function breakable(type: string): Markup {
  const [tree = '', subtype = ''] = type.split('/');
  return markup`${tree}/<wbr>${subtype}`;
}

function schemaOf(name: string, { properties = {}, required = [] }: Schema): Markup {
  const rows = Object.entries(properties).map(([property, schema]) => [
    property,
    required.includes(property) ? 'yes' : 'no',
    typeOf(schema),
  ]);
  return markup`        <h3 id="schema-${name}">${name}</h3>
${tableOf(`Properties of ${name}`, ['Name', 'Required', 'Type'], rows)}`;
}

const limits: Readonly<Record<string, string>> = {
  minLength: 'at least … characters',
  maxLength: 'at most … characters',
  minimum: 'at least …',
  maximum: 'at most …',
  maxItems: 'at most … items',
  pattern: 'pattern …',
};

function typeOf(schema: Schema): Markup {
  const { $ref, type, anyOf, items, properties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1);
    return markup`<a href="#schema-${name}">${name}</a>`;
  }
  if (anyOf !== undefined) return markup`${anyOf.map((one, index) => [index > 0 && ' or ', typeOf(one)])}`;
  const facts = Object.entries(limits).flatMap(([key, text]) =>
    schema[key] === undefined ? [] : [text.replace('…', () => String(schema[key]))],
  );
  const what = schema.enum?.join(' or ') ?? type ?? 'any';
  return markup`${[what, ...facts].join(', ')}${items !== undefined && [' of ', typeOf(items)]}${
    properties !== undefined && [' with ', Object.keys(properties).join(', ')]
  }`;
}

function tableOf(caption: string, heads: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  return markup`        <table>
          <caption>${caption}</caption>
          <thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>
${rows.map(
  ([first, ...others]) =>
    markup`            <tr><th scope="row">${first}</th>${others.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`,
)}          </tbody>
        </table>
`;
}
