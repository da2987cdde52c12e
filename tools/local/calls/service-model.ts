import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Shape of an AWS service model, with the constraints that AWS enforces. */
export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Member>>;
  readonly member?: Member;
  readonly value?: Member;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Member of a structure, with its place in an HTTP request where that is not the body. */
export interface Member {
  readonly shape: string;
  readonly location?: 'header' | 'headers' | 'querystring' | 'uri';
  readonly locationName?: string;
}

export interface Operation {
  readonly method: string;
  readonly uri: string;
  /** Shape of the input; absent where the operation takes none. */
  readonly input?: string;
  /** Member that the body is, such as the content of an object. */
  readonly payload?: string;
}

/** Inputs of a service's operations, as AWS's SDK for Python describes them. */
export interface ServiceModel {
  readonly protocol: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Service models by the service's name in a signature. */
export type ServiceModels = Readonly<Record<string, ServiceModel>>;

/** Folders of botocore by the service's name in a signature, for the services that functions call. */
const folders: Readonly<Record<string, string>> = {
  dynamodb: 'dynamodb',
  events: 'events',
  kinesis: 'kinesis',
  lambda: 'lambda',
  s3: 's3',
  secretsmanager: 'secretsmanager',
  ses: 'sesv2',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'stepfunctions',
};

/** Reads the models that botocore, a requirement of the emulator, has in a Python environment. */
export function readServiceModels(venv: string): ServiceModels {
  const data = dataFolder(venv);
  return Object.fromEntries(
    Object.entries(folders).map(([service, folder]) => [service, readModel(join(data, folder))]),
  );
}

function dataFolder(venv: string): string {
  const lib = join(venv, 'lib');
  const found = readdirSync(lib)
    .map((python) => join(lib, python, 'site-packages', 'botocore', 'data'))
    .find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`no botocore in ${lib}: delete .local/ and run again`);
  return found;
}

interface RawModel {
  readonly metadata: { readonly protocol: string };
  readonly operations: Readonly<
    Record<string, { http: { method: string; requestUri: string }; input?: { readonly shape: string } }>
  >;
  readonly shapes: Readonly<Record<string, Shape & { readonly payload?: string }>>;
}

function readModel(folder: string): ServiceModel {
  const newest = readdirSync(folder).sort().at(-1) ?? '';
  const packed = readFileSync(join(folder, newest, 'service-2.json.gz'));
  return inputsOf(JSON.parse(gunzipSync(packed).toString()) as RawModel);
}

/** Keeps what describes inputs: a tenth of a model, so that a function reads it in milliseconds. */
function inputsOf({ metadata, operations, shapes }: RawModel): ServiceModel {
  const kept: Record<string, Shape> = {};
  const keep = (name: string): void => {
    const shape = shapes[name];
    if (kept[name] !== undefined || shape === undefined) return;
    const { type, required, members, member, value, min, max, pattern, enum: values } = shape;
    const inner = [...Object.values(members ?? {}), ...[member, value].filter((one) => one !== undefined)];
    kept[name] = JSON.parse(
      JSON.stringify({
        type,
        required,
        members: members && placesOf(members),
        member,
        value,
        min,
        max,
        pattern,
        enum: values,
      }),
    ) as Shape;
    for (const { shape: next } of inner) keep(next);
  };
  const described = Object.entries(operations).map(([name, { http, input }]): [string, Operation] => {
    const payload = input && shapes[input.shape]?.payload;
    if (input !== undefined) keep(input.shape);
    return [
      name,
      {
        method: http.method,
        uri: http.requestUri,
        ...(input === undefined ? {} : { input: input.shape }),
        ...(payload === undefined ? {} : { payload }),
      },
    ];
  });
  return { protocol: metadata.protocol, operations: Object.fromEntries(described), shapes: kept };
}

function placesOf(members: Readonly<Record<string, Member>>): Record<string, Member> {
  const entries = Object.entries(members).map(([name, { shape, location, locationName }]) => [
    name,
    { shape, location, locationName },
  ]);
  return Object.fromEntries(entries) as Record<string, Member>;
}
