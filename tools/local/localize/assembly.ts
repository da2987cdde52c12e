import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Resource of a CloudFormation template. */
export interface Resource {
  Type: string;
  Properties?: JsonObject;
  DependsOn?: string | string[];
  Metadata?: JsonObject;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: JsonObject;
}

export interface FileAsset extends JsonObject {
  source: { path: string; packaging: 'zip' | 'file' };
  destinations: Record<string, { bucketName: string; objectKey: string } & JsonObject>;
}

export interface Stack {
  /** Artifact id, such as `ImageResize`. */
  readonly id: string;
  readonly template: Template;
  readonly templateFile: string;
  /** Files of the asset manifest by id, which begins with the source hash. */
  readonly assets: Record<string, FileAsset>;
}

/**
 * Synthesized CDK app as data: rules change templates and manifests in memory and asset folders on disk; `write` saves the
 * former.
 */
export class Assembly {
  readonly stacks: readonly Stack[];
  manifest: JsonObject;
  /** By file name. */
  private readonly assetManifests = new Map<string, JsonObject>();
  private readonly originals = new Map<string, string>();
  /** Changes by asset folder. */
  private readonly changedAssets = new Map<string, string[]>();

  private constructor(readonly folder: string) {
    this.manifest = readJson(join(folder, 'manifest.json'));
    const artifacts = Object.entries(this.manifest['artifacts'] as Record<string, JsonObject>);
    this.stacks = artifacts
      .filter(([, artifact]) => artifact['type'] === 'aws:cloudformation:stack')
      .map(([id, artifact]) => this.readStack(id, artifact));
  }

  static read(folder: string): Assembly {
    return new Assembly(folder);
  }

  /** Asset folder of a function's code or a layer's content, undefined where it is not a zip asset. */
  assetFolder(stack: Stack, content: Json | undefined): string | undefined {
    const key = isObject(content) ? content['S3Key'] : undefined;
    if (typeof key !== 'string') return undefined;
    const asset = Object.values(stack.assets).find((one) => destinationKeys(one).includes(key));
    if (asset?.source.packaging !== 'zip') return undefined;
    const folder = join(this.folder, asset.source.path);
    return existsSync(folder) ? folder : undefined;
  }

  /** Records a change of an asset's files, so that it is uploaded under a new key. */
  markAssetChanged(folder: string, change: string): void {
    const changes = this.changedAssets.get(folder) ?? [];
    this.changedAssets.set(folder, [...changes, change]);
  }

  /** Leaves out a resource and the asset of its content; the asset's folder stays. */
  leaveOut(stack: Stack, id: string, content: Json): void {
    const key = isObject(content) ? content['S3Key'] : undefined;
    for (const [hash, asset] of Object.entries(stack.assets)) {
      if (typeof key === 'string' && destinationKeys(asset).includes(key)) Reflect.deleteProperty(stack.assets, hash);
    }
    Reflect.deleteProperty(stack.template.Resources, id);
  }

  /** Adds a copy of a folder as a zip asset of a stack; returns the content that names it. */
  addZip(stack: Stack, folder: string): JsonObject {
    const hash = createHash('sha256').update(`zip of ${folder}`).digest('hex');
    cpSync(folder, join(this.folder, `asset.${hash}`), { recursive: true });
    const objectKey = `${hash}.zip`;
    // The stack's template is an asset of the same bucket.
    const [destinations = {}] = Object.values(stack.assets).map((asset) => asset.destinations);
    stack.assets[hash] = {
      source: { path: `asset.${hash}`, packaging: 'zip' },
      destinations: Object.fromEntries(
        Object.entries(destinations).map(([name, destination]) => [name, { ...destination, objectKey }]),
      ),
    };
    const [bucketName = ''] = Object.values(destinations).map((destination) => destination.bucketName);
    return { S3Bucket: { 'Fn::Sub': bucketName }, S3Key: objectKey };
  }

  /** Takes the images, which Docker would build at deployment, out of a stack's assets. Returns their folders by tag. */
  takeImages(stack: Stack): ReadonlyMap<string, string> {
    const manifest = this.assetManifests.get(`${stack.id}.assets.json`);
    const images = isObject(manifest?.['dockerImages']) ? manifest['dockerImages'] : {};
    if (manifest !== undefined) Reflect.deleteProperty(manifest, 'dockerImages');
    return new Map(
      Object.entries(images as Record<string, { source: { directory: string } }>).map(([tag, { source }]) => [
        tag,
        join(this.folder, source.directory),
      ]),
    );
  }

  /** Changes by asset folder, and stacks whose template was changed. */
  changes(): { assets: ReadonlyMap<string, readonly string[]>; stacks: Stack[] } {
    const stacks = this.stacks.filter((stack) => this.originals.get(stack.id) !== JSON.stringify(stack.template));
    return { assets: this.changedAssets, stacks };
  }

  /** Applies a change to every text and key of every document, and to the names of asset folders. */
  rename(change: (text: string) => string): void {
    for (const entry of readdirSync(this.folder)) {
      if (change(entry) !== entry) renameSync(join(this.folder, entry), join(this.folder, change(entry)));
    }
    this.manifest = mapText(this.manifest, change) as JsonObject;
    for (const [file, manifest] of this.assetManifests) {
      this.assetManifests.set(file, mapText(manifest, change) as JsonObject);
    }
    for (const { template } of this.stacks) {
      Object.assign(template, mapText(template as unknown as JsonObject, change));
    }
  }

  write(): void {
    writeJson(join(this.folder, 'manifest.json'), this.manifest);
    for (const [file, manifest] of this.assetManifests) writeJson(join(this.folder, file), manifest);
    for (const stack of this.stacks) writeJson(join(this.folder, stack.templateFile), stack.template);
  }

  private readStack(id: string, artifact: JsonObject): Stack {
    const { templateFile } = artifact['properties'] as { templateFile: string };
    const template = readJson(join(this.folder, templateFile)) as unknown as Template;
    this.originals.set(id, JSON.stringify(template));
    const assetsFile = `${id}.assets.json`;
    if (existsSync(join(this.folder, assetsFile))) {
      this.assetManifests.set(assetsFile, readJson(join(this.folder, assetsFile)));
    }
    const assets = (): Stack['assets'] => (this.assetManifests.get(assetsFile)?.['files'] ?? {}) as Stack['assets'];
    return {
      id,
      template,
      templateFile,
      get assets() {
        return assets();
      },
    };
  }
}

/** Resource with its stack and logical id. */
export interface StackResource {
  readonly stack: Stack;
  readonly id: string;
  readonly resource: Resource;
}

/** Resources of the given types, or of all types. */
export function resourcesOf(assembly: Assembly, ...types: string[]): StackResource[] {
  return assembly.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, resource]) => types.length === 0 || types.includes(resource.Type))
      .map(([id, resource]) => ({ stack, id, resource })),
  );
}

/** Construct path of a resource, such as `ImageResize/ResizeImage`, or its logical id. */
export function nameOf({ stack, id, resource }: StackResource): string {
  const path = resource.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path.replace(/\/Resource$/, '') : `${stack.id}/${id}`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a list for a list, a single value or undefined: IAM and CloudFormation allow all three. */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Copy in which `change` was applied to every value, containers before their content. */
export function mapJson(value: Json, change: (value: Json) => Json): Json {
  const changed = change(value);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((one) => mapJson(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapJson(one, change)]));
}

function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapText(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), mapText(one, change)]));
}

export function destinationKeys(asset: FileAsset): string[] {
  return Object.values(asset.destinations).map((destination) => destination.objectKey);
}

function readJson(file: string): JsonObject {
  return JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, null, 1));
}
