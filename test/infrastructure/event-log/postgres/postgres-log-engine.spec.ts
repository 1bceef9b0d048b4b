import { logEngineContract } from '../../../contracts/log-engine.js';
import { postgresLog } from '../../../support/postgres-log.js';

logEngineContract('PostgreSQL', () => postgresLog());
