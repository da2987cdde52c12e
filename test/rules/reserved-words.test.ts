import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservedWords } from '../fakes/dynamodb-reserved-words';
import { root } from '../synthesis';

const operators = /^(SET|REMOVE|ADD|DELETE|AND|OR|NOT|IN|BETWEEN)$/;

/** Names in the expressions of a source that DynamoDB reserves, and that no `#` stands before. */
function reservedNames(source: string): string[] {
  const expressions = [...source.matchAll(/\b\w+Expression:\s*(['"`])(.*?)\1/gs)].map(([, , text = '']) => text);
  return expressions.flatMap((expression) =>
    [...expression.replaceAll(/\$\{[^}]*\}/g, ' ').matchAll(/(?<![#:\w])[A-Za-z_]\w*(?!\w*\()/g)]
      .map(([name]) => name)
      .filter((name) => !operators.test(name) && reservedWords.has(name.toUpperCase())),
  );
}

it.each(['lambda', 'lib', 'operations', 'scenarios'])(
  'no expression in %s/ has a reserved word of DynamoDB',
  (tree) => {
    const files = readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.includes('node_modules'),
    );
    const found = files.flatMap((file) =>
      // A schedule's expression is none of DynamoDB's.
      reservedNames(readFileSync(join(root, tree, file), 'utf8').replaceAll('scheduleExpression', 'schedule')).map(
        (name) => `${file}: ${name}`,
      ),
    );
    expect(found).toEqual([]);
  },
);

it.each([
  ["UpdateExpression: 'SET status = :status'", ['status']],
  ['ConditionExpression: `attribute_not_exists(Total) AND size(tags) > :one`', ['Total']],
  ["UpdateExpression: 'SET timeline.data = :at REMOVE watch'", ['data']],
  ["UpdateExpression: 'SET #status = :status, timeline.#data = if_not_exists(timeline.#data, :entry)'", []],
])('%s has %j', (source, names) => {
  expect(reservedNames(source)).toEqual(names);
});
