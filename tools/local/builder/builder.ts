import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RefusedBuilds } from '../../../scenarios/shared/faults/fault-injector';
import type { ClientSettings } from '../client-settings';
import { ServiceError, type Operations } from '../json-service';
import type { ServiceEvents } from '../service-events';
import { BuildFiles } from './build-files';
import { runBuildProcess, type BuildProcess } from './build-process';
import { BuildQueue, IdempotencyTokens, type Clock } from './build-queue';
import { newBuild, startBuildInput, type BuildRecord, type BuildStatus, type StartBuildInput } from './build-record';
import { readProject, type Project } from './project';
import { credentialVariables, settingsOfRole } from './role-credentials';

export interface BuilderOptions {
  readonly settings: ClientSettings;
  readonly events: ServiceEvents;
  readonly files: BuildFiles;
  readonly clock: Clock;
  /** Empty folder of the builds, outside of the checkout. */
  readonly folder: string;
  readonly log: string;
  /** Variables of every build: the connection and the programs of this machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** @default 2, as many as the small machines have cores */
  readonly atOnce?: number;
}

/** A machine dies, or the timeout of the build has passed. */
export type BuildEnd = 'died' | 'timed out';

/**
 * Runs builds as processes of this machine: an answer to what the emulator does not do.
 * Each build has the credentials of its project's role.
 */
export class Builder {
  private readonly builds = new Map<string, BuildRecord>();
  private readonly processes = new Map<string, BuildProcess>();
  private readonly tokens: IdempotencyTokens;
  private readonly queue: BuildQueue;
  private readonly codebuild: CodeBuildClient;

  constructor(private readonly options: BuilderOptions) {
    this.tokens = new IdempotencyTokens(options.clock);
    this.queue = new BuildQueue(options.atOnce ?? 2);
    this.codebuild = new CodeBuildClient(options.settings);
  }

  readonly operations: Operations = {
    StartBuild: async (input) => ({ build: await this.start(parse(startBuildInput, input)) }),
    BatchGetBuilds: (input) => {
      const { ids } = parse(z.object({ ids: z.array(z.string()).min(1).max(100) }), input);
      const found = ids.map((id) => this.builds.get(idOf(id)));
      return Promise.resolve({ builds: found.filter((build) => build !== undefined) });
    },
    ListBuildsForProject: (input) => {
      const { projectName } = parse(z.object({ projectName: z.string(), sortOrder: z.literal('DESCENDING') }), input);
      const ids = [...this.builds.values()].filter((build) => build.projectName === projectName).map(({ id }) => id);
      return Promise.resolve({ ids: ids.reverse() });
    },
    StopBuild: (input) => {
      const { id } = parse(z.object({ id: z.string() }), input);
      const build = this.builds.get(idOf(id));
      if (build === undefined) throw new ServiceError('ResourceNotFoundException', `no build ${id}`);
      this.stop(build, 'STOPPED');
      return Promise.resolve({ build });
    },
  };

  /** Ends the builds that run a program with this text in its arguments; returns how many. */
  endRunning(argument: string, how: BuildEnd): number {
    const found = [...this.processes].filter(([, process]) => process.runs(argument));
    for (const [id, process] of found) {
      const build = this.builds.get(id);
      if (how === 'timed out' && build !== undefined) this.stop(build, 'TIMED_OUT');
      else process.kill();
    }
    return found.length;
  }

  /** Refuses new builds, as in an account that may have none, until it is ended. */
  refuseNew(): RefusedBuilds {
    return this.queue.refuse();
  }

  close(): void {
    for (const process of this.processes.values()) process.kill();
  }

  private async start(input: StartBuildInput): Promise<BuildRecord> {
    const { projectName, idempotencyToken: token = randomUUID(), ...request } = input;
    const text = JSON.stringify({ projectName, request });
    const same = this.builds.get(this.tokens.find(token, text) ?? '');
    if (same !== undefined) return same;
    const project = await readProject(this.codebuild, projectName);
    this.queue.checkRoom();
    const build = newBuild(input, this.options.clock.now());
    this.builds.set(build.id, build);
    this.tokens.remember(token, text, build.id);
    void this.queue.run(
      () => this.run(build, project, input),
      () => build.buildComplete,
    );
    return build;
  }

  private async run(build: BuildRecord, project: Project, input: StartBuildInput): Promise<void> {
    const { clock, environment, log, settings } = this.options;
    const folder = join(this.options.folder, build.id.replace(/^.*:/, ''));
    const source = join(folder, 'source');
    mkdirSync(source, { recursive: true });
    const cancel = clock.after(project.timeoutMilliseconds, () => this.stop(build, 'TIMED_OUT'));
    try {
      build.currentPhase = 'DOWNLOAD_SOURCE';
      const own = await settingsOfRole(settings, project.role, build.id);
      const files = this.options.files.as(own);
      const beside = await files.download({ ...project.source, role: project.role }, input, source, folder);
      if (project.source.type === 'CODECOMMIT') build.resolvedSourceVersion = input.sourceVersion;
      if (hasEnded(build)) return;
      const given = Object.fromEntries(input.environmentVariablesOverride.map(({ name, value }) => [name, value]));
      const process = runBuildProcess(
        project.spec,
        { folder, source, log },
        {
          ...{ ...environment, ...credentialVariables(own), ...beside, ...given },
          ...{ CODEBUILD_BUILD_ID: build.id, CODEBUILD_SRC_DIR: source },
        },
      );
      this.processes.set(build.id, process);
      build.currentPhase = 'BUILD';
      const result = await process.ended;
      this.processes.delete(build.id);
      if (hasEnded(build)) return;
      build.exportedEnvironmentVariables = result.exported;
      if (!result.passed) {
        this.end(build, 'FAILED', { phase: result.phase, message: result.message });
        return;
      }
      build.currentPhase = 'UPLOAD_ARTIFACTS';
      const uploaded = await files.upload(project.spec, input, source, folder);
      if (uploaded !== undefined) build.artifacts = uploaded;
      this.end(build, 'SUCCEEDED');
    } catch (error) {
      this.end(build, 'FAILED', { phase: build.currentPhase, message: String(error) });
    } finally {
      cancel();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private stop(build: BuildRecord, status: BuildStatus): void {
    this.end(build, status, { phase: build.currentPhase, message: `Build ${status}` });
    this.processes.get(build.id)?.kill();
  }

  private end(build: BuildRecord, status: BuildStatus, failure?: { phase: string; message: string }): void {
    if (build.buildComplete) return;
    build.buildStatus = status;
    build.buildComplete = true;
    build.currentPhase = 'COMPLETED';
    build.endTime = this.options.clock.now() / 1_000;
    if (failure !== undefined) {
      const contexts = [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: failure.message }];
      build.phases.push({ phaseType: failure.phase, phaseStatus: status, contexts });
    }
    const sent = this.options.events.send({
      service: 'codebuild',
      detailType: 'CodeBuild Build State Change',
      resources: [build.arn],
      // https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html
      detail: {
        'build-status': status,
        'project-name': build.projectName,
        'build-id': build.arn,
        'current-phase': 'COMPLETED',
      },
    });
    // The emulator may be stopping; events are best effort.
    sent.catch(() => undefined);
  }
}

/** Whether the build was stopped or timed out meanwhile. */
const hasEnded = (build: BuildRecord): boolean => build.buildComplete;

const idOf = (idOrArn: string): string => idOrArn.replace(/^arn:.*:build\//, '');

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ServiceError('InvalidInputException', z.prettifyError(parsed.error));
}
