import { IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientSettings } from '../client-settings';
import { account, region } from '../connection';
import { roleMay } from '../ec2/caller-permissions';
import type { Repositories } from '../repository/repositories';
import type { Archives } from './archives';
import type { StartBuildInput } from './build-record';
import type { Buildspec } from './buildspec';

/** Sources and artifacts of builds, in repositories and buckets. CodeBuild uses the role of the project for both. */
export class BuildFiles {
  private readonly s3: S3Client;

  constructor(
    private readonly settings: ClientSettings,
    private readonly repositories: Repositories,
    private readonly archives: Archives,
    ofRole = settings,
  ) {
    this.s3 = new S3Client({ ...ofRole, forcePathStyle: true });
  }

  /** The same with the credentials of a role. */
  as(ofRole: ClientSettings): BuildFiles {
    return new BuildFiles(this.settings, this.repositories, this.archives, ofRole);
  }

  /** Gets the source and what lies beside it; returns the variables with the places of the latter. */
  async download(
    project: { readonly location: string; readonly role: string },
    input: StartBuildInput,
    source: string,
    folder: string,
  ): Promise<Record<string, string>> {
    const { sourceTypeOverride, sourceLocationOverride: object, sourceVersion } = input;
    if (sourceTypeOverride === 'S3') await this.unpack(object ?? '', source, join(folder, 'source.zip'), sourceVersion);
    else await this.pull(project.location.split('/').at(-1) ?? '', sourceVersion, source, project.role);
    const variables: Record<string, string> = {};
    for (const { sourceIdentifier, location } of input.secondarySourcesOverride) {
      const target = join(folder, `beside-${sourceIdentifier}`);
      await this.unpack(location, target, `${target}.zip`);
      variables[`CODEBUILD_SRC_DIR_${sourceIdentifier}`] = target;
    }
    return variables;
  }

  /** Uploads the files of the buildspec to the place of the request. */
  async upload(
    spec: Buildspec,
    { artifactsOverride: target }: StartBuildInput,
    source: string,
    folder: string,
  ): Promise<{ location: string; sha256sum?: string } | undefined> {
    if (target === undefined || spec.artifacts === undefined) return undefined;
    const base = join(source, spec.artifacts['base-directory'] ?? '.');
    const key = `${target.path}/${target.name}`;
    if (target.packaging === 'NONE') {
      for (const file of spec.artifacts.files) await this.put(target.location, `${key}/${file}`, join(base, file));
      return { location: `arn:aws:s3:::${target.location}/${key}` };
    }
    const archive = join(folder, 'artifact.zip');
    this.archives.pack(base, archive, spec.artifacts.files);
    await this.put(target.location, key, archive);
    const sha256sum = createHash('sha256').update(readFileSync(archive)).digest('hex');
    return { location: `arn:aws:s3:::${target.location}/${key}`, sha256sum };
  }

  /** The emulator knows no repositories, but what the policies of the role say about them. */
  private async pull(repository: string, commit: string, source: string, role: string): Promise<void> {
    const arn = `arn:aws:codecommit:${region}:${account}:${repository}`;
    if (!(await roleMay(new IAMClient(this.settings), role, 'codecommit:GitPull', arn))) {
      throw new Error(`${role} is not authorized to perform: codecommit:GitPull on resource: ${arn}`);
    }
    await this.repositories.checkOut(repository, commit, source);
  }

  private async put(bucket: string, key: string, file: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: readFileSync(file) }));
  }

  private async unpack(place: string, folder: string, archive: string, version?: string): Promise<void> {
    const [bucket = '', ...key] = place.split('/');
    const get = new GetObjectCommand({ Bucket: bucket, Key: key.join('/'), VersionId: version });
    const { Body } = await this.s3.send(get);
    writeFileSync(archive, (await Body?.transformToByteArray()) ?? '');
    this.archives.unpack(archive, folder);
  }
}
