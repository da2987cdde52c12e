import { Ec2Error, type Ec2Request } from './ec2-request';

/** Parameters that may differ between a request and its repetition. */
const ignored = new Set(['ClientToken', 'Version', 'DryRun', 'AvailabilityZone']);

/**
 * Successful requests by their client tokens. A token counts in its zone: the same request in another zone or region is another
 * request. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export class ClientTokens {
  readonly #known = new Map<string, { readonly parameters: string; readonly ids: readonly string[] }>();
  readonly #tokens = new Map<string, string>();

  /**
   * @param zone of the new resource
   * @returns ids that the first request of this token made, or undefined for a new token
   * @throws Ec2Error if the first request had other parameters
   */
  idsOf(request: Ec2Request, zone: string): readonly string[] | undefined {
    const known = this.#known.get(keyOf(request, zone));
    if (known === undefined) return undefined;
    if (known.parameters !== parametersOf(request)) {
      throw new Ec2Error(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    }
    return known.ids;
  }

  /** Remembers a request that succeeded; one without a token is not remembered. */
  remember(request: Ec2Request, zone: string, ids: readonly string[]): void {
    const token = request.params.get('ClientToken');
    if (token === null) return;
    for (const id of ids) this.#tokens.set(id, token);
    this.#known.set(keyOf(request, zone), { parameters: parametersOf(request), ids });
  }

  /** Token of the request that made a resource. */
  tokenOf(id: string): string | undefined {
    return this.#tokens.get(id);
  }
}

function keyOf({ action, params, region }: Ec2Request, zone: string): string {
  return JSON.stringify([action, region, zone, params.get('ClientToken')]);
}

function parametersOf({ params }: Ec2Request): string {
  const compared = new URLSearchParams([...params].filter(([name]) => !ignored.has(name)));
  compared.sort();
  return compared.toString();
}
