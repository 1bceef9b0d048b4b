import type { Readiness } from '../../application/ports/readiness.js';
import type { HttpMetrics } from '../server/http-metrics.js';
import type { MetricsAccess } from './metrics-access.js';

/** What the rows of this folder need. */
export type OperationsServices = Readonly<{
  readiness: Readiness;
  metrics: HttpMetrics;
  metricsAccess: MetricsAccess;
  /** The API description, as JSON text. */
  apiDescription: () => string;
}>;
