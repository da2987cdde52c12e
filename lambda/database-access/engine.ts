/** The database engines that the same code works on. */
export const engines = ['postgres', 'mysql'] as const;
export type Engine = (typeof engines)[number];

/** The port that RDS Proxy listens on, which cannot be chosen. */
export const enginePorts: Readonly<Record<Engine, number>> = { postgres: 5432, mysql: 3306 };

export const databaseName = 'app';

/** Owns the schema: migrations alone are made by it. */
export const ownerUser = 'app_owner';

/** May read and insert records, and nothing else. */
export const processorUser = 'data_processor';

/** What the server allows a statement of the function's user; the function waits longer than that for an answer. */
export const statementSeconds = 8;
