import { FakeService, type FakeRequest, type FakeResponse } from './fake-service';
import { element, escaped } from './s3-xml';

export interface FakeStackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  /** @default CREATE_COMPLETE */
  readonly status?: string;
  /** Only in the stack's events, as a resource that was replaced. */
  readonly isReplaced?: boolean;
}

export interface FakeStack {
  readonly name: string;
  /** ARN. */
  readonly id: string;
  status: string;
  readonly resources: readonly FakeStackResource[];
  readonly template?: object;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** Time of every event. */
const time = '2026-01-10T00:00:00.000Z';

/** CloudFormation with these stacks in memory; a deleted stack is known by its id alone. */
export class FakeCloudFormation extends FakeService {
  readonly serviceId = 'CLOUDFORMATION';
  /** Carries out the deletion of a stack. */
  onDelete: (stack: FakeStack) => void = (stack) => (stack.status = 'DELETE_COMPLETE');

  constructor(readonly stacks: FakeStack[]) {
    super();
  }

  protected operationOf({ body }: Omit<FakeRequest, 'operation'>): string {
    return new URLSearchParams(body.toString()).get('Action') ?? 'Unknown';
  }

  protected carryOut({ operation, body }: FakeRequest): FakeResponse {
    const name = new URLSearchParams(body.toString()).get('StackName') ?? '';
    if (operation === 'ListStacks') return result(operation, this.#deletedStacks());
    const stack = this.stacks.find((one) => one.id === name || (one.name === name && !isDeleted(one)));
    if (stack === undefined) return refusal(`Stack with id ${name} does not exist`);
    switch (operation) {
      case 'DeleteStack':
        this.onDelete(stack);
        return result(operation, '');
      case 'DescribeStacks':
        return result(operation, list('Stacks', [headOf(stack) + outputsOf(stack)]));
      case 'ListStackResources':
        return result(
          operation,
          list(
            'StackResourceSummaries',
            stack.resources
              .filter(({ isReplaced }) => isReplaced !== true)
              .map((one) => resource(one, 'LastUpdatedTimestamp')),
          ),
        );
      case 'DescribeStackEvents':
        return result(
          operation,
          list(
            'StackEvents',
            stack.resources.map((one) => resource(one, 'Timestamp')),
          ),
        );
      case 'GetTemplate':
        return result(operation, element('TemplateBody', escaped(JSON.stringify(stack.template ?? { Resources: {} }))));
      default:
        throw new Error(`the fake does not know ${operation}: teach it`);
    }
  }

  #deletedStacks(): string {
    return list('StackSummaries', this.stacks.filter(isDeleted).map(headOf));
  }
}

function isDeleted({ status }: FakeStack): boolean {
  return status === 'DELETE_COMPLETE';
}

function headOf({ id, name, status }: FakeStack): string {
  return [element('StackId', id), element('StackName', name), element('StackStatus', status)].join('');
}

function outputsOf({ outputs = {} }: FakeStack): string {
  const all = Object.entries(outputs).map(([key, value]) => element('OutputKey', key) + element('OutputValue', value));
  return list('Outputs', all);
}

function resource(
  { logicalId, type, id, status = 'CREATE_COMPLETE' }: FakeStackResource,
  timeElement: 'LastUpdatedTimestamp' | 'Timestamp',
): string {
  return [
    element('LogicalResourceId', logicalId),
    element('PhysicalResourceId', id),
    element('ResourceType', type),
    element('ResourceStatus', status),
    element(timeElement, time),
  ].join('');
}

function list(name: string, members: readonly string[]): string {
  return `<${name}>${members.map((one) => element('member', one)).join('')}</${name}>`;
}

function result(operation: string, content: string): FakeResponse {
  const body = element(`${operation}Response`, element(`${operation}Result`, content));
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function refusal(message: string): FakeResponse {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`;
  return { status: 400, headers: { 'content-type': 'text/xml' }, body };
}
