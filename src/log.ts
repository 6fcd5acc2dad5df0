import type { Logger } from 'pino';

/** What framehub needs of a logger: pino's own shape, so that an application can pass its own. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;
