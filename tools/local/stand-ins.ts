import { mkdtempSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { RefusedBuilds } from '../../scenarios/shared/faults/fault-injector';
import { Archives } from './builder/archives';
import { BuildFiles } from './builder/build-files';
import { systemClock } from './builder/build-queue';
import { Builder, type BuildEnd } from './builder/builder';
import { clientSettings } from './client-settings';
import { callerArns, callerPermissions } from './ec2/caller-permissions';
import type { IsAllowed } from './ec2/dry-run';
import type { Emulator } from './emulator';
import { serveJson, ServiceError, type JsonService, type Operations } from './json-service';
import { Repositories } from './repository/repositories';
import { repositoryOperations } from './repository/repository-operations';
import { ServiceEvents } from './service-events';
import { checkPermission, type StandInService } from './service-permissions';
import type { Workspace } from './workspace';

interface Connected {
  readonly builder: Builder;
  readonly events: ServiceEvents;
  readonly operations: Readonly<Record<StandInService, Operations>>;
  readonly isAllowed: IsAllowed;
}

const endpointVariables = {
  codebuild: 'AWS_ENDPOINT_URL_CODEBUILD',
  codecommit: 'AWS_ENDPOINT_URL_CODECOMMIT',
} as const satisfies Readonly<Record<StandInService, string>>;

type ConnectedEmulator = Pick<Emulator, 'endpoint' | 'connection' | 'temporaryFolder'>;

const portIn = (endpoint: string | undefined): number => Number(endpoint === undefined ? 0 : new URL(endpoint).port);

/**
 * Services beside the emulator, which it lacks: builds and repositories. SDKs find them by an endpoint for each service, and they
 * check the permissions of the functions that call them.
 */
export class StandIns {
  private connected: Connected | undefined;

  private constructor(private readonly services: Readonly<Record<StandInService, JsonService>>) {}

  /**
   * Opens the ports; until `connect`, every call fails.
   *
   * @param connection of an earlier process, whose ports the functions of a kept emulator still call
   */
  static async open(
    workspace: Pick<Workspace, 'certificate' | 'certificateKey'>,
    connection: Readonly<Record<string, string>> = {},
  ): Promise<StandIns> {
    const own: { standIns?: StandIns } = {};
    const now = (): Connected => {
      if (own.standIns === undefined) throw new ServiceError('InternalFailure', 'the services are being started');
      return own.standIns.now;
    };
    const serve = (service: StandInService): Promise<JsonService> =>
      serveJson(
        () => now().operations[service],
        (request) => checkPermission(now().isAllowed, { ...request, service }),
        workspace,
        portIn(connection[endpointVariables[service]]),
      );
    const [codebuild, codecommit] = await Promise.all([serve('codebuild'), serve('codecommit')]);
    own.standIns = new StandIns({ codebuild, codecommit });
    return own.standIns;
  }

  /** Variables by which SDKs find the services. */
  get connection(): Record<string, string> {
    const { codebuild, codecommit } = this.services;
    return {
      [endpointVariables.codebuild]: codebuild.endpoint,
      [endpointVariables.codecommit]: codecommit.endpoint,
    };
  }

  connect(
    emulator: ConnectedEmulator,
    { workspace, python }: { readonly workspace: Workspace; readonly python: string },
  ): void {
    const settings = clientSettings(emulator.endpoint, workspace.certificate);
    const folder = mkdtempSync(join(emulator.temporaryFolder, 'stand-ins-'));
    const callers = [emulator.endpoint, workspace.certificate, workspace.callers] as const;
    const events = new ServiceEvents(settings);
    const repositories = new Repositories(join(folder, 'repositories'));
    const builder = new Builder({
      settings,
      events,
      files: new BuildFiles(settings, repositories, new Archives(python)),
      clock: systemClock,
      folder: join(folder, 'builds'),
      log: workspace.log('builds'),
      environment: {
        ...emulator.connection,
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        // Packages that were installed before need no network.
        npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
        npm_config_prefer_offline: 'true',
        npm_config_update_notifier: 'false',
      },
    });
    this.connected = {
      builder,
      events,
      operations: {
        codebuild: builder.operations,
        codecommit: repositoryOperations(repositories, events, callerArns(...callers)),
      },
      isAllowed: callerPermissions(...callers),
    };
  }

  /** Loses the events of a service until the returned function is called. */
  loseEvents(service: StandInService): () => void {
    return this.now.events.lose(service);
  }

  /** Ends the builds that run a program with this text in its arguments; returns how many. */
  endBuilds(argument: string, how: BuildEnd): number {
    return this.now.builder.endRunning(argument, how);
  }

  refuseBuilds(): RefusedBuilds {
    return this.now.builder.refuseNew();
  }

  /** Ends all builds, as if their machines had died. */
  endAllBuilds(): void {
    this.connected?.builder.close();
  }

  close(): void {
    this.endAllBuilds();
    for (const service of Object.values(this.services)) service.close();
  }

  private get now(): Connected {
    if (this.connected === undefined) throw new ServiceError('InternalFailure', 'the emulator has not been started');
    return this.connected;
  }
}
