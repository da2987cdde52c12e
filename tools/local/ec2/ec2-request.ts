import type { Element } from './xml';

/** Request to the EC2 query API, with what its signature says of the caller. */
export interface Ec2Request {
  readonly action: string;
  readonly params: URLSearchParams;
  readonly region: string;
  readonly accessKeyId: string;
}

/** Response of the EC2 query API: XML. */
export interface Ec2Response {
  readonly status: number;
  readonly body: string;
}

/** Asks the emulator's EC2 as root, who may do everything. */
export type AskEmulator = (action: string, params: Record<string, string>, region: string) => Promise<Element>;

/** Error response of EC2. */
export class Ec2Error extends Error {
  override readonly name = 'Ec2Error';

  /** @param code such as `InvalidVolume.NotFound` (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html) */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** @returns undefined for a request without the signature and form of the EC2 query API */
export function parseEc2Request(authorization: string | undefined, body: string): Ec2Request | undefined {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/ec2\/aws4_request/.exec(authorization ?? '');
  const params = new URLSearchParams(body);
  const action = params.get('Action');
  const [, accessKeyId, region] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || action === null) return undefined;
  return { action, params, region, accessKeyId };
}

/** Values of `Name.1`, `Name.2` and so on. */
export function listParam(params: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = params.get(`${name}.${index}`);
    if (value === null) return values;
    values.push(value);
  }
}

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Filters of a describe action: `Filter.1.Name`, `Filter.1.Value.1` and so on. */
export function filtersOf(params: URLSearchParams): Filter[] {
  const filters: Filter[] = [];
  for (let index = 1; ; index += 1) {
    const name = params.get(`Filter.${index}.Name`);
    if (name === null) return filters;
    filters.push({ name, values: listParam(params, `Filter.${index}.Value`) });
  }
}
