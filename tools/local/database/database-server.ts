/** A real database server on this machine, which stands in for the instance of RDS. */
export interface DatabaseServer {
  readonly port: number;
  start(): Promise<void>;
  /** Ends it by SIGKILL and starts it again on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** The password of a user who may come by IAM, made up here: in place of RDS's own way of checking the token again. */
  passwordOf(user: string): Promise<string>;
  /** Connections of the proxy's at this moment, as the server counts them. */
  connections(): Promise<number>;
}

export interface ServerOptions {
  readonly port: number;
  /** Holds its data; is made, and thrown away with the run. */
  readonly folder: string;
  readonly log: string;
  readonly owner: string;
  readonly ownerPassword: string;
  readonly database: string;
  readonly maxConnections: number;
}
